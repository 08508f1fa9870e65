"""Names of people beside what they did.

The row of an account is for its owner and for whoever manages accounts (docs/row-security.md). A row that says who made
it leads to a name and to nothing else: `PersonKey` asks the database's function `dekon_names`, for one person, or for
all people of all rows at once where these were read with `fetch_mode(FETCH_PEERS)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

if TYPE_CHECKING:
    from django.db.models import Model

NAMES = "SELECT id, username, display_name FROM dekon_names(%s)"


class NamedPerson(ForwardManyToOneDescriptor):  # type: ignore[type-arg]  # the class takes none when it runs
    """The person that a key means, by name; everything else of the account is read as its own row allows."""

    def fetch_one(self, instance: Model) -> None:
        """Find the names of everybody whom this row means, by whichever of its keys, in one query."""
        self.fetch_many([instance])

    def fetch_many(self, instances: Iterable[Model]) -> None:
        """Find the names of everybody whom these rows mean, by whichever of their keys, in one query.

        Raises:
            DoesNotExist: somebody asks who is nobody, and sees no names.
        """
        rows = list(instances)
        fill_in(rows)
        if not all(self.field.is_cached(row) for row in rows):
            raise self.field.remote_field.model.DoesNotExist(f"no name for {self.field}")


class PersonKey(models.ForeignKey):  # type: ignore[type-arg]  # to an account, always
    """A key to an account that shows its name. No query joins the accounts by it, since most are hidden from most."""

    forward_related_accessor_class = NamedPerson

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """To migrations it is a foreign key like any other."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, options


class UsernameOf(models.Func):
    """The user name that a key means, to sort or search by."""

    template = "(SELECT named.username FROM dekon_names(ARRAY[%(expressions)s]) named)"
    output_field: ClassVar = models.CharField()


class DisplayNameOf(UsernameOf):
    """The name of a person that a key means."""

    template = "(SELECT named.display_name FROM dekon_names(ARRAY[%(expressions)s]) named)"


def fill_in(rows: Sequence[Model]) -> None:
    """Give rows of one model the people that their keys mean. One query."""
    keys = [field for field in rows[0]._meta.concrete_fields if isinstance(field, PersonKey)]
    open_keys = [(row, key, getattr(row, key.attname)) for row in rows for key in keys if not key.is_cached(row)]
    numbers = sorted({number for _row, _key, number in open_keys if number is not None})
    asked = models.QuerySet[models.Model](keys[0].remote_field.model)
    people = {one.pk: one for one in asked.raw(NAMES, [numbers])} if numbers else {}
    for row, key, number in open_keys:
        if number in people or number is None:
            key.set_cached_value(row, people.get(number))
