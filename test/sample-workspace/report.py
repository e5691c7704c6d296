"""Prints a short summary of what happened in the folder."""

import sys


def summary(changed, removed):
    """Return one sentence about the changed and the removed files."""
    if not changed and not removed:
        return "Nothing has changed since the last check."
    # The numbers are shown even if one of them is zero.
    return "%d files were changed and %d files were removed." % (len(changed), len(removed))


def main():
    if len(sys.argv) < 2:
        print("Please enter the name of a folder.", file=sys.stderr)
        return 2
    print(summary(sys.argv[1:], []))
    return 0


if __name__ == "__main__":
    sys.exit(main())
