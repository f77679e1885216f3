"""``make attack``: all that is hostile, as far as we know of it, against a stack that must refuse it."""

import sys

from local.common import ROOT

# What is kept deflated is read with the service's own code, which is not installed anywhere.
if str(ROOT / "layers/notifications") not in sys.path:
    sys.path.insert(0, str(ROOT / "layers/notifications"))
