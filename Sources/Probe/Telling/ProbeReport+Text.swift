extension ProbeReport {
    /// The report for a terminal: the table, what it says, and what to change.
    package var lines: [String] {
        let parts = [heading, table, certificateLines, notes, verdict, adviceLines].filter { !$0.isEmpty }
        return Array(parts.joined(separator: [""]))
    }

    private var heading: [String] {
        let ports = "TLS on port \(target.port)" + (plainPort.map { ", plain HTTP on port \($0)" } ?? "")
        let paths = "paths: " + self.paths.map { PlainText.printable($0) }.joined(separator: " ")
        return ["\(target.host): \(ports)"] + PlainText.wrapped(paths, indent: 7)
    }

    private var table: [String] {
        // Where nobody gets as far as TLS, one sentence says it for all releases, and for plain HTTP if it was not even asked.
        let told = failureOfAll == nil ? all : [plain].compactMap { $0 }.filter { $0.results[0].duration != nil }
        let rows = told.flatMap { ProbeRow.rows(of: $0) }
        let sentence = failureOfAll.map { PlainText.wrapped("No release can connect: \($0.inWords).", indent: 0) } ?? []
        guard !rows.isEmpty else { return sentence }
        let aligned = PlainText.aligned([ProbeRow.header] + rows.map(\.cells), rightAligned: ProbeRow.rightAligned)
        let indent = (rows.map { $0.outcome.id.count }.max() ?? 0).advanced(by: 2)
        let space = String(repeating: " ", count: max(indent, ProbeRow.header[0].count + 2))
        return sentence + [aligned[0]]
            + zip(rows, aligned.dropFirst()).flatMap { row, line in
                [line] + row.details.flatMap { PlainText.wrapped(space + $0, indent: space.count + 2) }
            }
    }

    private var certificateLines: [String] {
        certificates.flatMap { certificate in
            let names = PlainText.printable(certificate.names, maximumCharacters: 300)
            let trust = certificate.problem.map { "a browser here would not trust it: \(PlainText.printable($0))" }
            return PlainText.wrapped(
                "certificate \(certificate.label): \(names); \(trust ?? "its chain verifies and it names the host")",
                indent: 4)
        }
    }

    private var notes: [String] {
        var notes: [String] = []
        if !notSent.isEmpty {
            notes.append(
                "not sent: \(notSent.joined(separator: ", ")), which these releases offer and OpenSSL \(openSSLVersion) here can't; a "
                    + "server that has nothing else for them fails here only")
        }
        let told = outcomes.filter { !$0.counts && !$0.canSignUp }.map(\.id)
        if !told.isEmpty, failureOfAll == nil {
            notes.append("\(told.joined(separator: ", ")) does not count; --require-tls10 has it count")
        }
        if all.contains(where: \.hasUncountedDistrust) {
            notes.append("a certificate that a browser would not trust does not count; --require-trust has it count")
        }
        if let plain {
            if !plain.counts, !plain.canSignUp, plain.results[0].duration != nil {
                notes.append("plain HTTP does not count; --http-port \(plainPort ?? 0) has it count")
            }
        } else {
            notes.append("plain HTTP was not asked; --http-port names its port")
        }
        return notes.flatMap { PlainText.wrapped($0, indent: 4) }
    }

    private var verdict: [String] {
        let failed = all.filter(\.isFailure).map(\.name)
        return failed.isEmpty
            ? ["Every release that counts can sign up."]
            : PlainText.wrapped("Can't sign up: \(failed.joined(separator: ", ")).", indent: 4)
    }

    private var adviceLines: [String] {
        let advice = advice
        guard !advice.isEmpty else { return ["Nothing needs to change."] }
        return ["What to change:"]
            + advice.flatMap { advice in
                let whom = advice.whom.joined(separator: ", ") + (advice.isOptional ? "; does not count" : "")
                let text = PlainText.printable(advice.text, maximumCharacters: 1_000)
                return PlainText.wrapped("  \(advice.mend.rawValue) (\(whom)): \(text)", indent: 4)
            }
    }
}
