"""A stand-in for Slack on this machine: the bot runs against it unchanged, with SLACK_API_URL set to its address."""
