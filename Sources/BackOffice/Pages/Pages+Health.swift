import Attribution
import Hummingbird
import Office

extension Pages {
    func addHealth(to group: RouterGroup<BackOfficeContext>) {
        group.get("/health") { request, context in
            _ = try context.require(.marketing)
            return try await health(PageReader(request, context))
        }
    }

    private func health(_ reader: PageReader) async throws -> Response {
        let report = try await desks.health()
        let time = Timestamp(rfc3339: report.time) ?? desks.now()
        var values: [String: Any] = [
            "status": report.status.rawValue, "verdict": sentence("health-" + report.status.rawValue, reader),
            "time": reader.format.time(time), "utc": reader.format.utc(time),
        ]
        // Paths and errors are for those who read the log; whether all is well, for everybody.
        if reader.may(.auditor) {
            var parts = [ledgerPart(report.ledger, reader), indexPart(report.index, reader)]
            parts += report.certificates.map { certificatePart($0, reader) }
            parts += [
                reloadPart(report.reload, reader), directoryPart(report.directory, reader), diskPart(report.disk, reader),
            ]
            if let mail = report.mail { parts.append(mailPart(mail, reader)) }
            parts.append(serverPart(report, reader))
            values["parts"] = parts
        }
        return try renderer.page("health", title: "health", values, for: reader)
    }

    private func part(
        _ key: String, _ status: HealthReport.Grade, _ advice: [HealthReport.Advice], _ facts: [(String, String)],
        times: [(String, String)] = [], lines: [String] = [], name: String? = nil, _ reader: PageReader
    ) -> [String: Any] {
        [
            "title": sentence("health-part-" + key, reader), "name": name ?? "", "status": status.rawValue,
            "grade": sentence("grade-" + status.rawValue, reader),
            "advice": advice.map { sentence("advice-" + $0.rawValue, reader) },
            "facts": facts.map { ["name": sentence("health-" + $0.0, reader), "text": $0.1] },
            "times": times.map { name, text in
                let time = Timestamp(rfc3339: text)
                return [
                    "name": sentence("health-" + name, reader), "text": time.map { reader.format.time($0) } ?? text,
                    "utc": time.map { reader.format.utc($0) } ?? "",
                ]
            }, "lines": lines,
        ]
    }

    private func ledgerPart(_ ledger: HealthReport.LedgerPart, _ reader: PageReader) -> [String: Any] {
        let format = reader.format
        var facts = [
            ("last-seq", format.number(ledger.lastSequence)), ("records", format.number(ledger.records)),
            ("commits", format.number(ledger.commits)), ("failed-commits", format.number(ledger.failedCommits)),
            ("queued", format.number(Int64(ledger.queuedRecords))),
            ("last-commit", format.milliseconds(ledger.lastCommitMicroseconds)),
            ("file-size", format.bytes(ledger.fileBytes)), ("log-size", format.bytes(ledger.logBytes)),
        ]
        if let waiting = ledger.unrecordedChanges { facts.append(("unrecorded", format.number(Int64(waiting)))) }
        if let waited = ledger.oldestUnrecordedSeconds {
            facts.append(("oldest-unrecorded", format.duration(seconds: waited)))
        }
        return part(
            "ledger", ledger.status, ledger.advice, facts, lines: ledger.lastFailure.map { [$0] } ?? [], reader)
    }

    private func indexPart(_ index: HealthReport.IndexPart, _ reader: PageReader) -> [String: Any] {
        part(
            "index", index.status, index.advice,
            [("indexed-through", reader.format.number(index.indexedThrough)), ("lag", reader.format.number(index.lag))],
            lines: index.lastFailure.map { [$0] } ?? [], reader)
    }

    private func certificatePart(_ certificate: HealthReport.CertificatePart, _ reader: PageReader) -> [String: Any] {
        part(
            "certificate-" + certificate.door.rawValue, certificate.status, certificate.advice,
            [
                ("names", certificate.names.joined(separator: " ")), ("file", certificate.file),
                ("days-left", reader.format.number(Int64(certificate.daysLeft))),
            ], times: [("not-after", certificate.notAfter)], name: certificate.kind.uppercased(), reader)
    }

    private func reloadPart(_ reload: HealthReport.ReloadPart, _ reader: PageReader) -> [String: Any] {
        part(
            "reload", reload.status, reload.advice, [], times: [("reload-time", reload.time)], lines: reload.lines, reader)
    }

    private func directoryPart(_ directory: HealthReport.DirectoryPart, _ reader: PageReader) -> [String: Any] {
        part(
            "directory", directory.status, directory.advice,
            [
                ("routes", reader.format.number(Int64(directory.routes))),
                ("partners", reader.format.number(Int64(directory.partners))),
                ("directory-version", reader.format.number(Int64(directory.directoryVersion))),
            ], reader)
    }

    private func diskPart(_ disk: HealthReport.DiskPart, _ reader: PageReader) -> [String: Any] {
        part(
            "disk", disk.status, disk.advice,
            [("free", reader.format.bytes(disk.freeBytes)), ("total", reader.format.bytes(disk.totalBytes))], reader)
    }

    private func mailPart(_ mail: HealthReport.MailPart, _ reader: PageReader) -> [String: Any] {
        let format = reader.format
        var facts = [
            ("mail-state", sentence(mail.isOn ? "mail-on" : "mail-off", reader)),
            ("mail-pending", format.number(Int64(mail.pending))),
        ]
        if let waited = mail.oldestPendingSeconds { facts.append(("mail-oldest", format.duration(seconds: waited))) }
        facts += [
            ("mail-failed", format.number(Int64(mail.failed))),
            ("mail-no-address", format.number(Int64(mail.withoutAddress))),
        ]
        return part("mail", mail.status, mail.advice, facts, lines: mail.lastFailure.map { [$0] } ?? [], reader)
    }

    private func serverPart(_ report: HealthReport, _ reader: PageReader) -> [String: Any] {
        part(
            "server", .good, [],
            [("version", report.version), ("uptime", reader.format.duration(seconds: report.uptimeSeconds))],
            times: [("started", report.startedAt)], reader)
    }
}
