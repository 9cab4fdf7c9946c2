"""`python -m feeder`, and the script `feeder`."""

from feeder.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
