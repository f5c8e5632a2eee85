"""The console script `archibald-bot`: starts the command line, or says which extra it needs."""

import os
import sys

MISSING_EXTRA = 1


def main() -> None:
    """Run the command line with the process's arguments."""
    # gRPC's own log lines would stand between a person and the progress bar; its errors arrive as statuses.
    # It reads this once, when it is imported: not before the next import here.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    try:
        from archibald_client.commands import app  # noqa: PLC0415 - what is missing is known only here
    except ModuleNotFoundError as missing:
        if missing.name not in {"typer", "rich"}:
            raise
        sys.stderr.write(
            f"archibald-bot: the command line needs {missing.name}, which is not installed.\n"
            'Install it with: pip install "archibald-bot[cli]"\n'
        )
        sys.exit(MISSING_EXTRA)
    app()


if __name__ == "__main__":
    main()
