"""`make live`: the conformance suite on a real account of the user's own, and back to nothing, with a record kept.

One way: the wish and the stack's file make a plan (plan.py), which is refused before anything costs money, or run
(run.py): the same tests on the local cloud first, doctor, `pulumi up`, the suite at live depth (plugin.py), `pulumi
destroy` whatever happened and a sweep by tag (down.py), and a record (record.py) that is written as a page (page.py).
What is up is written down before it comes up (mark.py), so that a killed run is not forgotten.
"""
