"""What is measured of the service, and what it is compared to."""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent

# The service is measured where it lies: it is not installed anywhere.
for folder in ("layers/notifications", "functions/dispatcher", "functions/redeliverer"):
    if str(_ROOT / folder) not in sys.path:
        sys.path.insert(0, str(_ROOT / folder))
