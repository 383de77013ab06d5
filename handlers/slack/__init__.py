"""Slack, both directions: customers in direct messages, agents in the threads of one channel."""
