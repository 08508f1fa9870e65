"""The promise board: provinces × three promises, each cell a number with its list behind it and the next action."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.performance.selectors import promises as selectors
from dekon.performance.selectors.promises import PROMISES, BoardFilter
from dekon.web.access import access
from dekon.web.address import Address
from dekon.web.filters import Choice, asked
from dekon.web.pages import answer
from dekon.web.promises import listing


@access(Action.VIEW_PLACE)
@require_GET
def promises(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    cut = chosen.recap
    rows = selectors.board(BoardFilter(cut.year, cut.as_of, cut.province, cut.unit, cut.satker))
    said = {name: request.GET.get(name, "")[:60] for name in ("cari", "status", "pernyataan", "urutan", "kotak")}
    shown = listing.sought(rows, name=said["cari"].strip(), state=said["status"], promise=said["pernyataan"])
    shown = listing.ordered(shown, said["urutan"])
    opened = listing.cell_chosen(rows, said["kotak"] or (f"{rows[0].code}-1" if len(rows) == 1 else ""))
    return answer(
        request, "promises/board.html.jinja", year=cut.year, cut=cut, asked=cut, rows=shown, said=said, all_rows=rows,
        crumbs=[(_("Beranda"), reverse("start")), (_("Pemenuhan komitmen"), "")], tabled=[listing.table(shown)],
        tally=selectors.tally(rows), tallies={one: selectors.tally(rows, one) for one in PROMISES}, opened=opened,
        links=[listing.link_of(item, address) for item in opened[1].items] if opened else [], listing=listing,
        units=[Choice(unit.code, str(unit)) for unit in org.units_in_year(cut.year)], promises=PROMISES,
    )  # fmt: skip
