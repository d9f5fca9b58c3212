"""The background process of one machine: the consumer, since metering has no jobs and publishes nothing."""

from ahead.metering.consumer import main

if __name__ == "__main__":
    main()
