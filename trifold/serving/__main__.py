"""`python -m trifold.serving [serve] [--platform NAME] [--package FOLDER]`: the image's entry point."""

import gc
import sys

if __name__ == "__main__":
    gc.disable()  # nothing that is imported becomes garbage; looking for it takes a tenth of the start
    from trifold.serving.server import main

    sys.exit(main(sys.argv[1:]))
