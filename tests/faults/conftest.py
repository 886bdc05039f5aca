"""Which campaigns run: the longest one, against documents, only in full (``bin/test --faults``).

In the suite a cell that dies while a document is made is tested in ``tests/kernel/documents``.
"""

import os

collect_ignore = [] if os.environ.get("FAULTS") == "full" else ["test_document_kills.py"]
