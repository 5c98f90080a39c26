"""Mail to partners: what a real SMTP server gets, and what becomes of it when the mail system or the server fails."""

import time
from email.utils import parsedate_to_datetime

import pytest
from control import ask_control
from mail_system import MailSystem, make_due, metrics, notices, write_notice
from office import Office
from running import SHIPPED_ROUTES, command, eventually
from wire import ask

FROM = "Sign-ups of Éxample <mail@gateway.example>"
LANGUAGES = ["de", "en", "es", "fr", "it", "ja", "ko", "pl", "pt-BR", "ru", "zh-CN", "zh-TW"]


def now():
    return time.time_ns() // 1_000


@pytest.fixture
def mail(tmp_path):
    system = MailSystem(tmp_path / "mail")
    yield system
    system.stop()


@pytest.fixture
def sender(farm, mail):
    """A server that sends mail, not started yet."""
    return farm.make("--mail-from", FROM, "--mail-reply-to", "help@gateway.example", "--sendmail", mail.sendmail)


def states(porter):
    return [row["state"] for row in notices(porter.data)]


def test_a_partner_is_told_by_mail(mail, sender):
    mail.start()
    sender.start()
    moment = now()
    write_notice(sender.data, moment, subscription="S-1&2")
    (taken,) = mail.wait()
    assert (taken.sender, taken.recipients) == ("mail@gateway.example", ["mpn@partner.example"])
    assert taken["From"] == FROM
    assert taken["Reply-To"] == "help@gateway.example"
    assert taken["To"] == "mpn@partner.example"
    assert taken["Subject"] == "Added as partner of record: Office 365, S-1&2"
    assert taken["Message-ID"] == "<01ARZ3NDEKTSV4RRFFQ69G5FAV.added@gateway.example>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert abs(parsedate_to_datetime(taken["Date"]).timestamp() - moment / 1e6) < 1
    assert taken.message.get_content_type() == "multipart/alternative"
    assert not taken.message.defects
    for word in ("1234567", "S-1&2", "Office 365"):
        assert word in taken.text()
    assert "S-1&amp;2" in taken.text("html")
    eventually(lambda: states(sender) == ["sent"], "the notice is noted as sent")
    eventually(lambda: metrics(sender)("porter_notices_sent_total") == 1, "it is counted")
    assert metrics(sender)("porter_notices_pending") == 0


def test_each_partner_is_told_in_its_language(mail, sender):
    mail.start()
    sender.start()
    for language in LANGUAGES:
        for kind in ("added", "removed"):
            write_notice(sender.data, now(), change=f"{language}-{kind}", kind=kind, language=language)
    taken = mail.wait(2 * len(LANGUAGES))
    by_id = {message["Message-ID"].partition(".")[0].lstrip("<"): message for message in taken}
    assert len({message["Subject"] for message in taken}) == len(taken)
    for language in LANGUAGES:
        message = by_id[f"{language}-added"]
        assert message["Content-Language"] == language
        assert f'<html lang="{language}">' in message.text("html")
        assert "Office 365" in message["Subject"] and "MPN ID" in message.text()
        assert all(len(line) <= 998 and line.isascii() for line in message.bytes.split(b"\r\n"))


def test_what_somebody_else_wrote_is_text(mail, sender):
    mail.start()
    sender.start()
    write_notice(sender.data, now(), subscription="S-1\r\nBcc: other@partner.example\r\n\r\n.\r\n<script>")
    (taken,) = mail.wait()
    assert taken.recipients == ["mpn@partner.example"]
    assert taken["Bcc"] is None
    assert "<script" not in taken.text("html")


def test_partners_are_told_of_each_change(mail, farm, staff):
    """From the sign-up to the mail: the provider calls back, an admin changes the partner, a command removes it."""
    mail.start()
    office = Office(farm, "--mail-from", FROM, "--sendmail", mail.sendmail, staff=staff)
    receipt = ask(office.porter, "/enterprisetry.html?Partner=1234567").receipt
    subscription = {
        "event": "event-1",
        "id": "S-1",
        "tenant": "contoso.example",
        "product": "office-365",
        "offer": "E3",
        "seats": 5,
        "channel": "direct",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "receipt": receipt,
    }
    ask_control(office.porter, "POST", "/api/v1/subscriptions", subscription, status=201)
    (added,) = mail.wait()
    assert (added.recipients, added["Content-Language"]) == (["mpn@harbourlane.example.com"], "en")
    # Told again, it is no news.
    ask_control(office.porter, "POST", "/api/v1/subscriptions", subscription)
    office.send("PUT", "/api/v1/subscriptions/S-1/partner", {"partner": "2345678"})
    mail.wait(3)
    admin = office.signed_in("admin")
    assert "mail is off" not in admin.open("/subscriptions/S-1").text
    another = subscription | {"event": "event-2", "id": "S-2", "receipt": ""}
    file = ",".join(another) + "\n" + ",".join(str(value) for value in another.values()) + "\n"
    form = {"form-token": admin.form_token("/subscription-import")}
    shown = admin.upload("/subscription-import", form, "events.csv", file.encode()).headers["Location"]
    assert "are mailed" in admin.open(shown).text
    # A change without a server is told by the next one.
    office.porter.stop()
    office.porter.command("subscription", "remove-partner", "S-1", check=0)
    office.porter.start()
    taken = mail.wait(4)
    numbers = {
        change["receipt"]: change["number"] for change in ask_control(office.porter, "GET", "/api/v1/subscriptions/S-1/history")
    }
    told = []
    for message in taken:
        change, kind = message["Message-ID"].strip("<>").partition("@")[0].split(".")
        told.append((numbers[change], kind, message.recipients[0], message["Content-Language"]))
        assert "S-1" in message.text() and "contoso" not in message.text()
    assert sorted(told) == [
        (1, "added", "mpn@harbourlane.example.com", "en"),
        (2, "added", "contact@boulangerie.example.com", "fr"),
        (2, "removed", "mpn@harbourlane.example.com", "en"),
        (3, "removed", "contact@boulangerie.example.com", "fr"),
    ]
    eventually(lambda: states(office.porter) == ["sent"] * 4, "all are noted as sent")
    shown = ask_control(office.porter, "GET", "/api/v1/subscriptions/S-1")
    assert shown["sends_mail"] is True
    found = shown["notices"]
    assert [(row["kind"], row["partner"], row["state"]) for row in found] == [
        ("removed", "2345678", "sent"),
        ("added", "2345678", "sent"),
        ("removed", "1234567", "sent"),
        ("added", "1234567", "sent"),
    ]
    assert not any("harbourlane" in str(row) for row in found)
    shown = office.porter.command("subscription", "show", "S-1", check=0).stdout
    assert shown.count("mail to 2345678") == 2
    assert "removed: sent" in shown


def test_a_kill_between_change_and_mail_loses_no_notice(mail, farm):
    """Nobody takes the mail before the kill; what was changed is on disk, and so is what is to be told."""
    porter = farm.make("--mail-from", FROM, "--sendmail", mail.sendmail).start()
    subscription = {
        "event": "event-1",
        "id": "S-1",
        "tenant": "contoso.example",
        "product": "crm",
        "offer": "C1",
        "seats": 1,
        "channel": "ea",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    ask_control(porter, "POST", "/api/v1/subscriptions", subscription, status=201)
    ask_control(porter, "PUT", "/api/v1/subscriptions/S-1/partner", {"partner": "1234567"})
    porter.kill()
    mail.start()
    make_due(porter.data)
    porter.start()
    (taken,) = mail.wait()
    assert taken.recipients == ["mpn@harbourlane.example.com"]
    assert "CRM Online" in taken["Subject"]


def test_the_mail_system_is_down_for_a_while(mail, sender):
    sender.start()
    write_notice(sender.data, now())
    row = eventually(lambda: next((row for row in notices(sender.data) if row["last_error"]), None), "the failure is noted")
    assert (row["state"], row["attempts"]) == ("pending", 1)
    assert "ended with exit status" in row["last_error"] and "\n" not in row["last_error"]
    # A minute later, and up to a tenth more.
    assert 50e6 < row["next_attempt_at"] - row["last_error_at"] < 70e6
    assert metrics(sender)("porter_notices_pending") == 1
    assert metrics(sender)("porter_notice_failed_attempts_total") == 1
    mail.start()
    make_due(sender.data)
    mail.wait()
    eventually(lambda: states(sender) == ["sent"], "the notice is noted as sent")
    assert len(mail.taken) == 1


def test_health_tells_what_waits_and_why(mail, farm, staff):
    office = Office(farm, "--mail-from", FROM, "--sendmail", mail.sendmail, staff=staff)
    data = office.porter.data
    none = office.json("/api/v1/health", "auditor")["mail"]
    assert none == {
        "status": "good",
        "advice": [],
        "on": True,
        "pending": 0,
        "failed": 0,
        "failed_lately": 0,
        "without_address": 0,
    }
    hour = 3_600_000_000
    write_notice(data, now() - 2 * hour)
    # So old, and tried so often, that the next failure is its last.
    write_notice(data, now() - 130 * hour, change="old", attempts=7)
    write_notice(data, now(), change="nowhere", address=None, state="no-address", next_attempt_at=None)

    def both_have_failed():
        rows = notices(data)
        is_tried = all(row["last_error"] for row in rows if row["address"])
        return is_tried and sorted(row["state"] for row in rows) == ["failed", "no-address", "pending"]

    eventually(both_have_failed, "both attempts have failed")
    health = office.json("/api/v1/health", "auditor")["mail"]
    assert (health["status"], health["advice"]) == ("warning", ["mail-waits", "mail-failed"])
    assert (health["pending"], health["failed"], health["failed_lately"], health["without_address"]) == (1, 1, 1, 1)
    assert 7_200 <= health["oldest_pending_seconds"] < 7_300
    assert "ended with exit status" in health["last_failure"]
    page = office.signed_in("auditor").open("/health").text
    assert "has waited for more than an hour" in page and "was given up in the last seven days" in page


def test_a_server_that_was_started_to_hear_of_no_childs_end_knows_what_was_taken(mail, sender):
    mail.start()
    sender.wrapper = ["env", "--ignore-signal=CHLD"]
    sender.start()
    write_notice(sender.data, now())
    mail.wait()
    eventually(lambda: states(sender) == ["sent"], "the notice is noted as sent")


def test_mail_that_the_server_refuses_is_tried_again(mail, sender):
    mail.start()
    mail.keeper.refusal = "451 not now"
    sender.start()
    write_notice(sender.data, now())
    eventually(lambda: notices(sender.data)[0]["last_error"], "the refusal is noted")
    assert "451" in notices(sender.data)[0]["last_error"]
    mail.keeper.refusal = None
    make_due(sender.data)
    mail.wait()


def test_a_server_that_is_killed_while_it_sends_loses_nothing(mail, farm):
    mail.start()
    slow = mail.script("slow", 'touch "$here/began"\nexec sleep 60')
    porter = farm.make("--mail-from", FROM, "--sendmail", slow).start()
    for change in ("first", "second"):
        write_notice(porter.data, now(), change=change)
    eventually((mail.folder / "began").exists, "the first attempt has begun")
    eventually(lambda: states(porter) == ["sending", "pending"], "it is marked")
    porter.kill()
    porter.options = ["--mail-from", FROM, "--sendmail", mail.sendmail]
    # What outlives the server does not hold its data folder.
    porter.start()
    taken = mail.wait(2)
    ids = sorted(message["Message-ID"] for message in taken)
    assert ids == [f"<{change}.added@gateway.example>" for change in ("first", "second")]
    eventually(lambda: states(porter) == ["sent", "sent"], "both are noted as sent")


def test_a_server_that_is_killed_after_the_mail_was_taken_sends_it_once_more_with_the_same_name(mail, farm):
    mail.start()
    late = mail.script("late", f'"{mail.sendmail}" "$@"\ntouch "$here/handed"\nexec sleep 60')
    porter = farm.make("--mail-from", FROM, "--sendmail", late).start()
    write_notice(porter.data, now())
    eventually((mail.folder / "handed").exists, "the mail is taken")
    porter.kill()
    porter.options = ["--mail-from", FROM, "--sendmail", mail.sendmail]
    porter.start()
    first, second = mail.wait(2)
    assert first["Message-ID"] == second["Message-ID"]
    # The SMTP server and msmtp add nothing, so that both are the same to the byte.
    assert first.bytes == second.bytes


def test_a_server_that_stops_waits_for_no_mail_system_that_hangs(mail, farm):
    hanging = mail.script("hanging", 'touch "$here/began"\nexec sleep 60')
    porter = farm.make("--mail-from", FROM, "--sendmail", hanging).start()
    write_notice(porter.data, now())
    eventually((mail.folder / "began").exists, "the attempt has begun")
    status, seconds = porter.stop()
    assert status == 0 and seconds < 8
    assert states(porter) == ["pending"]


def test_without_a_sender_nothing_is_sent(farm, mail):
    mail.start()
    porter = farm.start()
    write_notice(porter.data, now())
    time.sleep(2)
    assert states(porter) == ["pending"] and not mail.taken


def test_options_of_mail_that_make_no_sense_are_refused_by_name(tmp_path, mail):
    for named, arguments in (
        ("--mail-from", ["--mail-from", "nobody"]),
        ("--mail-from", ["--mail-from", "a@b.example, c@d.example"]),
        ("--mail-from", ["--mail-from", "A\nBcc: x <a@b.example>"]),
        ("--mail-reply-to", ["--mail-from", "a@b.example", "--sendmail", mail.sendmail, "--mail-reply-to", "x"]),
        ("--mail-reply-to", ["--mail-reply-to", "a@b.example"]),
        ("--sendmail", ["--sendmail", mail.sendmail]),
        ("--sendmail", ["--mail-from", "a@b.example", "--sendmail", "/nowhere/sendmail"]),
        ("--sendmail", ["--mail-from", "a@b.example", "--sendmail", "sendmail"]),
        ("--sendmail", ["--mail-from", "a@b.example", "--sendmail", tmp_path]),
    ):
        done = command("serve", *arguments, "--routes", SHIPPED_ROUTES, data=tmp_path / "data", cwd=tmp_path)
        assert done.returncode == 2, (arguments, done.stderr)
        assert done.stderr.startswith(f"error: {named} "), done.stderr
        assert done.stderr.count("\n") == 1, done.stderr


def test_mail_can_be_set_up_by_environment_and_by_file(farm, mail):
    mail.start()
    porter = farm.make(env={"PORTER_MAIL_FROM": "mail@gateway.example"})
    (porter.folder / "porter.yaml").write_text(f"sendmail: {mail.sendmail}\nmail-reply-to: help@gateway.example\n")
    porter.start()
    write_notice(porter.data, now())
    (taken,) = mail.wait()
    assert (taken["From"], taken["Reply-To"]) == ("mail@gateway.example", "help@gateway.example")
