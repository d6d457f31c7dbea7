"""One salt for all stacks under test, and its key made once: imported by the fork server, it is there in every fork.

Making a key takes a quarter of a second by design, which would be the longest part of most of these runs.
"""

import base64

from trifold.engine.secrets import key

PASSPHRASE = "correct horse"
SALT = "v1:7wgDJ7DYyKk=:v1:6/Go6sav+T7YjZZv:Sx2flL9A11SeX/J72B1NPyMp1YS0Hg=="

key(PASSPHRASE, base64.b64decode(SALT.split(":")[1]))
