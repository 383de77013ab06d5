"""Telegram, both directions: customers in private chats, the desk in a forum supergroup with a topic per customer.

`edge` starts and stops it; `receive` turns updates into events, `polling` and `webhook` bring the updates in;
`client` is aiogram's client made lean, `failures` tells its errors apart; `send` puts any message into a chat,
`customer`, `desk` and `manager` know what is special about theirs; `address` is the only one who reads ids.
"""
