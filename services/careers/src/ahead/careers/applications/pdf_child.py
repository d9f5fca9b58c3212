"""Counts a PDF's pages, in a process of its own with little memory and time: a file from a stranger may be made to
hang its reader, or to fill the memory. Standard input: the file; output: the number of pages, or "encrypted"."""

import io
import resource
import sys

CPU_SECONDS = 10
MEMORY = 1 << 30


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
        said = "encrypted" if reader.is_encrypted else str(len(reader.pages))
    except BaseException:
        return 1
    sys.stdout.write(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
