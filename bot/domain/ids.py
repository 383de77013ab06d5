"""The numbers that name things. A case, purchase, ask or gesture carries the number of the event that made it."""

from __future__ import annotations

from typing import NewType

CustomerId = NewType("CustomerId", int)
EventId = NewType("EventId", int)
PurchaseId = NewType("PurchaseId", int)
CaseId = NewType("CaseId", int)
StaffId = NewType("StaffId", int)
OutboxId = NewType("OutboxId", int)
GestureId = NewType("GestureId", int)

NO_CASE = CaseId(0)
"""A gesture that belongs to no case."""
HOUSE_STAFF = StaffId(0)
"""The program itself, where a person of the shop would stand."""
HOUSE = CustomerId(0)
"""The lane of what belongs to no customer: the desk's own business, managers' reports."""
