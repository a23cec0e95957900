"""Out to the payer and back. The one folder of the core that knows X12 and PDF libraries.

pyx12 writes the values that it complains about into its log: names, birth dates. Nothing here may log them, so its
logger is cut off before any of its modules can be used.
"""

import logging

_pyx12 = logging.getLogger("pyx12")
_pyx12.addHandler(logging.NullHandler())
_pyx12.propagate = False
_pyx12.setLevel(logging.CRITICAL + 1)
