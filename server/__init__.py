"""The Archibald Bot server: recoverable writes in the ERP, over gRPC."""

import os

# gRPC reads these when it is first imported. We start programs and never fork Python, so its fork
# handlers would only log a line for each; and its own log is not structured as ours is.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
