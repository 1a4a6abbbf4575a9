"""`python -m dojo …`, which is `./run dojo …`."""

import sys

from dojo.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
