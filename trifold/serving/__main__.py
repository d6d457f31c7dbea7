"""`python -m trifold.serving [serve] [--platform NAME] [--package FOLDER]`: the image's entry point."""

import sys

from trifold.serving.server import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
