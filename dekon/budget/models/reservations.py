"""Money set aside by people: for contracts and other obligations that are not paid yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Reservation(models.Model):
    """Part of a position that is set aside for one document (a contract, an order), until it is paid or given free."""

    pos = models.ForeignKey("ledger.Pos", on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=120)
    description = models.CharField(max_length=255, blank=True)
    amount_rp = models.BigIntegerField()
    reserved_on = models.DateField()
    released_rp = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-reserved_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pos", "document"], name="budget_reservation_document_once"),
            models.CheckConstraint(condition=Q(amount_rp__gt=0), name="budget_reservation_amount_positive"),
            models.CheckConstraint(
                condition=Q(released_rp__gte=0) & Q(released_rp__lte=F("amount_rp")),
                name="budget_reservation_released_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.amount_rp}"

    @property
    def left_rp(self) -> int:
        """What is still set aside, rupiah."""
        return self.amount_rp - self.released_rp


class ReservationRelease(models.Model):
    """Part of a reservation that is free again from a day on, and why (the number of its payment, a cancellation)."""

    append_only: ClassVar[bool] = True

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="releases")
    amount_rp = models.BigIntegerField()
    released_on = models.DateField()
    reason = models.CharField(max_length=255)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["released_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_rp__gt=0), name="budget_reservationrelease_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.released_on} {self.amount_rp}"
