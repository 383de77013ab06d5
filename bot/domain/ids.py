"""The numbers that name things. A case, a purchase and an ask carry the number of the event that made them."""

from __future__ import annotations

from typing import NewType

CustomerId = NewType("CustomerId", int)
EventId = NewType("EventId", int)
PurchaseId = NewType("PurchaseId", int)
CaseId = NewType("CaseId", int)
StaffId = NewType("StaffId", int)
OutboxId = NewType("OutboxId", int)

HOUSE = CustomerId(0)
"""The lane of what belongs to no customer: the desk's own business, managers' reports."""
