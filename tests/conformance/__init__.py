"""The contracts of infra/capabilities, held for each cloud: written once, run at the depth at hand.

`recorded`: the program against a recording provider; what would be asked for. `emulated`: brought up on the local cloud
and used through the vendor's SDK. A gap is marked `notyet`, `notemulated` or `never`, with its reason; the support
matrix in docs/ is made of these marks.
"""
