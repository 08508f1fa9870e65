"""The addresses of the pages. Paths are Indonesian, filters live in the query."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from dekon.web.access import public
from dekon.web.account import factor_views as factors
from dekon.web.account import key_views as keys
from dekon.web.account import people_views as people
from dekon.web.account import views as account
from dekon.web.alerts import views as alerts
from dekon.web.attachments import views as attachments
from dekon.web.dossier import views as dossier
from dekon.web.imports import views as imports
from dekon.web.meetings import edit_views as meeting_edits
from dekon.web.meetings import views as meetings
from dekon.web.offices import edit_views as office_edits
from dekon.web.offices import views as offices
from dekon.web.personal import views as personal
from dekon.web.plan import money_views as money
from dekon.web.plan import policy_views as policy
from dekon.web.plan import views as plan
from dekon.web.presentation import views as presentation
from dekon.web.promises import views as promises
from dekon.web.recap import public_views
from dekon.web.recap import views as recap
from dekon.web.reconciliation import views as reconciliation
from dekon.web.records import views as records
from dekon.web.reference import edit_views as reference_edits
from dekon.web.reference import views as reference
from dekon.web.register import views as register
from dekon.web.results import edit_views as result_edits
from dekon.web.results import minutes_views as minutes
from dekon.web.results import views as results
from dekon.web.scores import ahead as scores_ahead
from dekon.web.scores import views as scores
from dekon.web.search import views as search
from dekon.web.session import opening
from dekon.web.session import views as session
from dekon.web.signing import key_views as signing_keys
from dekon.web.signing import outside_views as outside
from dekon.web.signing import paper_views as papers
from dekon.web.signing import views as signing
from dekon.web.style import views as style
from dekon.web.tasks import views as tasks
from dekon.web.trail import views as trail
from dekon.web.verifying import views as verifying

urlpatterns = [
    path("", recap.start, name="start"),
    path("nasional/", recap.national, name="national"),
    path("provinsi/", recap.provinces, name="provinces"),
    path("provinsi/<slug:code>/", recap.province, name="province"),
    path("telusur/", recap.drill_down, name="drill"),
    path("banding/", recap.compare, name="comparison"),
    path("paparan/", presentation.presentation, name="presentation"),
    path("publik/", public_views.public_recap, name="public"),
    path("verifikasi/", verifying.verification, name="verification"),
    path("v/<str:code>", verifying.verify_code, name="verify-code"),
    path("v/<str:code>/salinan/", verifying.official_copy, name="verify-copy"),
    path("tanda-tangan/", signing.waiting, name="signing"),
    path("tanda-tangan/<int:number>/", signing.place, name="signing-place"),
    path("tanda-tangan/<int:number>/naskah/", signing.pdf, name="signing-pdf"),
    path("tanda-tangan/<int:number>/luar/", outside.lend, name="signing-lend"),
    path("tanda-tangan/<int:number>/luar/kembali/", outside.bring_back, name="signing-return"),
    path("tanda-tangan/<int:number>/luar/lepas/", outside.give_up, name="signing-give-up"),
    path("tanda-tangan/<int:number>/basah/", papers.record, name="signing-paper"),
    path("tanda-tangan/<int:number>/basah/pindaian/", papers.scan, name="signing-scan"),
    path("tanda-tangan/<int:number>/basah/tarik/", papers.withdraw, name="signing-paper-withdraw"),
    path("naskah/", register.register, name="documents"),
    path("naskah/<int:number>/", register.document, name="document"),
    path("naskah/<int:number>/pdf/", register.pdf, name="document-pdf"),
    path("naskah/<int:number>/keterangan/", register.describe, name="document-describe"),
    path("naskah/<int:number>/cabut/", register.revoke, name="document-revoke"),
    path("cari/", search.search, name="search"),
    path("peringatan/", alerts.alerts, name="alerts"),
    path("peringatan/<int:number>/", alerts.alert, name="alert"),
    path("peringatan/<int:number>/tindak/", alerts.act_on, name="alert-act"),
    path("proyeksi/", alerts.forecast, name="forecast"),
    path("pemenuhan/", promises.promises, name="promises"),
    path("skor/", scores.scores, name="scores"),
    path("skor/<slug:code>/andai/", scores_ahead.what_if, name="what-if"),
    path("skor/<slug:code>/", scores.score, name="score"),
    path("satker/<slug:code>/dipa/", plan.dipa, name="dipa"),
    path("kebijakan/", plan.policies, name="policies"),
    path("tema/", plan.themes, name="themes"),
    path("blokir/", plan.blocks, name="blocks"),
    path("satker/<slug:code>/catatan/", records.records, name="records"),
    path("satker/<slug:code>/catatan/<slug:kind>/tambah/", records.add_record, name="record-add"),
    path("catatan/<int:number>/tarik/", records.withdraw_record, name="record-withdraw"),
    path("satker/<slug:code>/dipa/catat/", money.record_dipa, name="dipa-record"),
    path("dipa/versi/<int:number>/", money.describe_revision, name="revision"),
    path("rpd/<int:number>/", money.rpd_version, name="rpd-version"),
    path("tahun/<int:year>/dasar-hukum/", policy.year_basis, name="year-basis"),
    path("kebijakan/tambah/<int:year>/", policy.add_policy, name="policy-add"),
    path("kebijakan/<int:number>/", policy.policy, name="policy"),
    path("kebijakan/<int:number>/ubah/", policy.edit_policy, name="policy-edit"),
    path("kebijakan/<int:number>/hapus/", policy.remove_policy, name="policy-remove"),
    path("kebijakan/<int:number>/target/", policy.target, name="policy-target"),
    path("kebijakan/<int:number>/target/hapus/", policy.remove_target, name="policy-target-remove"),
    path("kebijakan/<int:number>/anggaran/", policy.link, name="policy-link"),
    path("kebijakan/<int:number>/anggaran/lepas/", policy.unlink, name="policy-unlink"),
    path("hasil/<int:year>/", policy.outcomes, name="outcomes"),
    path("tema/tambah/", policy.add_theme, name="theme-add"),
    path("tema/<int:number>/", policy.theme, name="theme"),
    path("tema/<int:number>/ubah/", policy.edit_theme, name="theme-edit"),
    path("tema/<int:number>/hapus/", policy.remove_theme, name="theme-remove"),
    path("tema/<int:number>/<int:year>/tandai/", policy.tag, name="theme-tag"),
    path("tema/<int:number>/<int:year>/lepas/", policy.untag, name="theme-untag"),
    path("blokir/tambah/", money.add_block, name="block-add"),
    path("blokir/<int:number>/", money.block, name="block"),
    path("blokir/<int:number>/buka/", money.release_block, name="block-release"),
    path("cadangan/", money.reservations, name="reservations"),
    path("cadangan/tambah/", money.add_reservation, name="reservation-add"),
    path("cadangan/<int:number>/", money.reservation, name="reservation"),
    path("cadangan/<int:number>/lepas/", money.release_reservation, name="reservation-release"),
    path("rekonsiliasi/", reconciliation.cases, name="cases"),
    path("rekonsiliasi/<int:number>/", reconciliation.case, name="case"),
    path("rekonsiliasi/<int:number>/jawab/", reconciliation.answer_one, name="case-answer"),
    path("diparkir/", reconciliation.parked, name="parked"),
    path("uang-persediaan/", reconciliation.advances, name="advances"),
    path("rapat/", meetings.meetings, name="meetings"),
    path("rapat/tambah/", meeting_edits.add, name="meeting-add"),
    path("rapat/<int:number>/", meetings.meeting, name="meeting"),
    path("rapat/<int:number>/ubah/", meeting_edits.change, name="meeting-change"),
    path("rapat/<int:number>/tahap/<slug:to>/", meeting_edits.move, name="meeting-move"),
    path("rapat/<int:number>/sesi/tambah/", meeting_edits.add_session, name="meeting-session-add"),
    path("rapat/<int:number>/sesi/<int:session>/ubah/", meeting_edits.change_session, name="meeting-session-change"),
    path("rapat/<int:number>/sesi/<int:session>/hapus/", meeting_edits.remove_session, name="meeting-session-remove"),
    path("rapat/<int:number>/bahan/tambah/", meeting_edits.add_material, name="material-add"),
    path("rapat/keputusan/", results.decisions, name="decisions"),
    path("rapat/keputusan/<int:number>/", results.decision, name="decision"),
    path("rapat/keputusan/<int:number>/lapor/", result_edits.claim, name="decision-claim"),
    path("rapat/keputusan/<int:number>/verifikasi/", result_edits.verify, name="decision-verify"),
    path("rapat/keputusan/<int:number>/cabut/", result_edits.withdraw, name="decision-withdraw"),
    path("rapat/keputusan/bukti/<int:number>/", results.evidence, name="decision-evidence"),
    path("rapat/<int:number>/keputusan/tambah/", result_edits.add_decision, name="decision-add"),
    path("rapat/persoalan/", results.issues, name="issues"),
    path("rapat/persoalan/<int:number>/", results.issue, name="issue"),
    path("rapat/persoalan/<int:number>/<slug:to>/", result_edits.move_issue, name="issue-move"),
    path("rapat/<int:number>/persoalan/tambah/", result_edits.add_issue, name="issue-add"),
    path("rapat/<int:number>/notula/", minutes.minutes, name="minutes"),
    path("rapat/<int:number>/notula/tambah/", minutes.add_block, name="minutes-add"),
    path("rapat/<int:number>/notula/sahkan/", minutes.close, name="minutes-close"),
    path("rapat/<int:number>/laporan/", minutes.issue_report, name="meeting-report"),
    path("rapat/laporan/<int:number>/", minutes.report, name="meeting-report-file"),
    path("rapat/notula/<int:number>/", minutes.block, name="minutes-block"),
    path("rapat/notula/<int:number>/simpan/", minutes.save, name="minutes-save"),
    path("tugas/", tasks.tasks, name="tasks"),
    path("rapat/bahan/<int:number>/", meetings.material, name="material"),
    path("rapat/bahan/<int:number>/tarik/", meeting_edits.withdraw_material, name="material-withdraw"),
    path("impor/", imports.imports, name="imports"),
    path("impor/unggah/", imports.upload, name="upload"),
    path("impor/<int:number>/", imports.preview, name="import"),
    path("impor/<int:number>/terapkan/", imports.apply, name="import-apply"),
    path("impor/<int:number>/hentikan/", imports.stop, name="import-stop"),
    path("impor/<int:number>/buang/", imports.discard, name="import-discard"),
    path("impor/<int:number>/periksa-lagi/", imports.recheck, name="import-recheck"),
    path("impor/<int:number>/batalkan/", imports.undo, name="import-undo"),
    path("impor/<int:number>/bertanda/", imports.marked_file, name="import-marked"),
    path("pejabat/", offices.offices, name="offices"),
    path("pejabat/<slug:code>/", offices.satker_offices, name="offices-satker"),
    path("pengguna/", offices.people, name="people"),
    path("pengguna/<int:number>/", offices.person_page, name="person"),
    path("pengguna/<int:number>/peran/", office_edits.add, name="assignment-add"),
    path("penugasan/<int:number>/akhiri/", office_edits.end, name="assignment-end"),
    path("penugasan/<int:number>/pengganti/", office_edits.delegate, name="assignment-delegate"),
    path("penugasan/<int:number>/serah-terima/", office_edits.hand_over, name="assignment-handover"),
    path("penugasan/<int:number>/batalkan/", office_edits.void, name="assignment-void"),
    path("penugasan/<int:number>/surat/", offices.letter, name="assignment-letter"),
    path("hak/", offices.rights, name="rights"),
    path("hak/saya/", offices.own_rights, name="own-rights"),
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
    path("jejak/", trail.trail, name="trail"),
    path("jejak/pembacaan/", trail.readings, name="trail-readings"),
    path("jejak/<int:number>/", trail.row, name="trail-row"),
    path("gaya/", style.style, name="style"),
    path("lampiran/berkas/<int:number>/", attachments.attachment, name="attachment"),
    path("lampiran/berkas/<int:number>/tarik/", attachments.withdraw, name="attachment-withdraw"),
    path("lampiran/<slug:word>/<int:number>/", attachments.attachments, name="attachments"),
    path("data-pribadi/", personal.personal, name="personal"),
    path("dosir/", dossier.dossier, name="dossier"),
    path("dosir/ambil/", dossier.take, name="dossier-take"),
    path("masuk/", session.sign_in, name="sign-in"),
    path("masuk/langkah-dua/", session.second_factor, name="sign-in-code"),
    path("masuk/kunci-sandi/", session.passkey, name="passkey"),
    path("masuk/sso/<slug:provider_id>/", session.sso, name="openid_connect_login"),
    path("masuk/sso/<slug:provider_id>/balik/", session.sso_back, name="openid_connect_callback"),
    path("masuk/lupa/", opening.forgot, name="forgot"),
    path("masuk/lupa/<str:token>/", opening.new_password, name="new-password"),
    path("undangan/<str:token>/", opening.invitation, name="invitation"),
    path("daftar/", opening.register, name="register"),
    path("keluar/", session.sign_out, name="sign-out"),
    path("akun/", account.account, name="account"),
    path("akun/pastikan/", account.prove, name="prove"),
    path("akun/pastikan/kunci-sandi/", account.prove_by_passkey, name="prove-passkey"),
    path("akun/sandi/", account.password, name="password"),
    path("akun/sesi/<int:number>/akhiri/", account.end_session, name="session-end"),
    path("akun/sesi/akhiri-lain/", account.end_others, name="sessions-end"),
    path("akun/faktor/", factors.factors, name="factors"),
    path("akun/faktor/aplikasi/", factors.app, name="factor-app"),
    path("akun/faktor/kunci-sandi/", factors.passkey, name="factor-passkey"),
    path("akun/faktor/kode-cadangan/", factors.recovery, name="factor-codes"),
    path("akun/faktor/<int:number>/hapus/", factors.remove, name="factor-remove"),
    path("akun/kunci-api/", keys.keys, name="tokens"),
    path("akun/kunci-api/<int:number>/cabut/", keys.revoke, name="token-revoke"),
    path("akun/tanda-tangan/", signing_keys.keys, name="signing-keys"),
    path("akun/tanda-tangan/buat/", signing_keys.make, name="signing-key-make"),
    path("akun/tanda-tangan/token/", signing_keys.token, name="signing-key-token"),
    path("akun/tanda-tangan/<int:number>/cabut/", signing_keys.revoke, name="signing-key-revoke"),
    path("akun/pendaftaran/", people.registrations, name="registrations"),
    path("akun/pendaftaran/<int:number>/", people.registration, name="registration"),
    path("akun/pendaftaran/<int:number>/surat/", people.letter, name="registration-letter"),
    path("akun/pendaftaran/<int:number>/tolak/", people.refuse, name="registration-refuse"),
    path("akun/undang/", people.invite, name="invite"),
    path("akun/undangan/<int:number>/cabut/", people.withdraw, name="invitation-withdraw"),
    path("akun/semua/", people.accounts, name="accounts"),
    path("akun/semua/<int:number>/tutup/", people.close, name="account-close"),
    path("akun/semua/<int:number>/buka/", people.reopen, name="account-reopen"),
    path("akun/semua/<int:number>/faktor/", people.reset_factors, name="account-factors"),
    path("bahasa/", public(set_language), name="language"),
]
