"""The addresses of the pages. Paths are Indonesian, filters live in the query."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from dekon.web.access import public
from dekon.web.imports import views as imports
from dekon.web.plan import views as plan
from dekon.web.recap import public_views
from dekon.web.recap import views as recap
from dekon.web.reconciliation import views as reconciliation
from dekon.web.reference import edit_views as reference_edits
from dekon.web.reference import views as reference
from dekon.web.search import views as search
from dekon.web.session import views as session

urlpatterns = [
    path("", recap.start, name="start"),
    path("nasional/", recap.national, name="national"),
    path("provinsi/", recap.provinces, name="provinces"),
    path("provinsi/<slug:code>/", recap.province, name="province"),
    path("telusur/", recap.drill_down, name="drill"),
    path("banding/", recap.compare, name="comparison"),
    path("publik/", public_views.public_recap, name="public"),
    path("cari/", search.search, name="search"),
    path("satker/<slug:code>/dipa/", plan.dipa, name="dipa"),
    path("kebijakan/", plan.policies, name="policies"),
    path("tema/", plan.themes, name="themes"),
    path("blokir/", plan.blocks, name="blocks"),
    path("rekonsiliasi/", reconciliation.cases, name="cases"),
    path("rekonsiliasi/<int:number>/", reconciliation.case, name="case"),
    path("rekonsiliasi/<int:number>/jawab/", reconciliation.answer_one, name="case-answer"),
    path("diparkir/", reconciliation.parked, name="parked"),
    path("uang-persediaan/", reconciliation.advances, name="advances"),
    path("impor/", imports.imports, name="imports"),
    path("impor/unggah/", imports.upload, name="upload"),
    path("impor/<int:number>/", imports.preview, name="import"),
    path("impor/<int:number>/terapkan/", imports.apply, name="import-apply"),
    path("impor/<int:number>/hentikan/", imports.stop, name="import-stop"),
    path("impor/<int:number>/buang/", imports.discard, name="import-discard"),
    path("impor/<int:number>/periksa-lagi/", imports.recheck, name="import-recheck"),
    path("impor/<int:number>/batalkan/", imports.undo, name="import-undo"),
    path("impor/<int:number>/bertanda/", imports.marked_file, name="import-marked"),
    path("rujukan/", reference.lists, name="reference"),
    path("rujukan/libur/", reference.holidays, name="holidays"),
    path("rujukan/libur/tambah/", reference_edits.add_days, name="holiday-add"),
    path("rujukan/libur/<int:number>/cabut/", reference_edits.withdraw_day, name="holiday-withdraw"),
    path("rujukan/<slug:name>/", reference.listing, name="reference-list"),
    path("rujukan/<slug:name>/tambah/", reference_edits.add, name="reference-add"),
    path("rujukan/<slug:name>/<slug:code>/", reference.entry, name="reference-entry"),
    path("rujukan/<slug:name>/<slug:code>/ubah/", reference_edits.change, name="reference-change"),
    path("rujukan/<slug:name>/<slug:code>/akhiri/", reference_edits.end, name="reference-end"),
    path("rujukan/<slug:name>/<slug:code>/<int:number>/koreksi/", reference_edits.correct, name="reference-correct"),
    path("rujukan/<slug:name>/<slug:code>/<int:number>/batalkan/", reference_edits.void, name="reference-void"),
    path("masuk/", session.sign_in, name="sign-in"),
    path("keluar/", session.sign_out, name="sign-out"),
    path("bahasa/", public(set_language), name="language"),
]
