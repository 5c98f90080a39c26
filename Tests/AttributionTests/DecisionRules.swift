import Attribution
import Foundation

/// What must hold of every decision, whatever was sent. Says what does not hold.
final class DecisionRules {
    let request: SignupRequest
    let routes: RouteTable
    let directory: PartnerDirectory
    let time: Timestamp
    let decision: Decision
    private(set) var broken: [String] = []

    init(_ request: SignupRequest, routes: RouteTable, directory: PartnerDirectory, time: Timestamp, decision: Decision) {
        self.request = request
        self.routes = routes
        self.directory = directory
        self.time = time
        self.decision = decision
        checkAnswer()
        guard let draft = decision.draft else { return }
        checkOutcome(draft)
        checkSignature(draft)
        checkStatus(draft)
        if let location = decision.answer.location { checkLocation(location, draft) }
        checkPersonalTexts(draft.personal.fields)
        checkEncoding(draft)
    }

    private func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
        if !condition { broken.append(what()) }
    }

    private func checkAnswer() {
        switch decision.answer {
        case .redirect, .rejection: expect(decision.draft != nil, "a sign-up without a record")
        case .refusal, .own: expect(decision.draft == nil, "a record of what is no sign-up")
        }
        let early = admit(request.head, routes: routes)
        if let early {
            if case .refusal(let late) = decision.answer, late == early {} else { expect(false, "admitted otherwise: \(early)") }
        }
        let isTooLong = request.head.targetBytes.count > 8_192
        expect(isTooLong == (decision.answer.status == 414), "414 for \(request.head.targetBytes.count) bytes")
    }

    // MARK: Outcome and status

    private static let reasons: [Outcome: [Reason?]] = [
        .malformed: [.leadingZero, .tooLong, .notDigits, .notUTF8],
        .suspended: [.noAgreement, .lapsed, .requested, .fraud, .other],
        .expired: [.notYetValid, .noLongerValid],
    ]

    private func checkOutcome(_ draft: RecordDraft) {
        expect(
            Self.reasons[draft.outcome, default: [nil]].contains(draft.reason),
            "\(draft.outcome) with \(String(describing: draft.reason))")
        let namesOne = [.attributed, .unknown, .suspended, .expired, .unsigned].contains(draft.outcome)
        expect((draft.partner != nil) == namesOne, "\(draft.outcome) with partner \(String(describing: draft.partner))")
        expect(
            draft.claimed.count <= 4 && zip(draft.claimed, draft.claimed.dropFirst()).allSatisfy(<), "claimed \(draft.claimed)")
        if let partner = draft.partner {
            expect(draft.claimed.contains(partner) || draft.claimed.count == 4, "\(partner) decided and is not claimed")
            expect(draft.partnerIsListed == (directory[partner] != nil), "listed")
        } else {
            expect(draft.outcome == .conflict ? draft.claimed.count >= 2 : draft.claimed.isEmpty, "claimed for \(draft.outcome)")
        }
        expect((draft.personal.fields.partnerRaw == nil) == (draft.outcome == .missing), "partner_raw for \(draft.outcome)")
        let isTestPartner = draft.partner.flatMap { directory[$0] }?.status == .test
        expect(draft.isTest == (isTestPartner || request.head[.porterTest] != nil), "test")
        expect(draft.isVisit == (draft.method != .head && !draft.isTest && [.browser, .unknown].contains(draft.client)), "visit")
        if let host = draft.host { expect(draft.route.hosts.contains(host) || routes.ownHosts.contains(host), "host \(host)") }
    }

    private func checkSignature(_ draft: RecordDraft) {
        let rule = draft.route.partner.signature
        expect((draft.signature == nil) == (rule == .off), "signature \(String(describing: draft.signature)) with \(rule)")
        let isWanting = rule == .require && draft.signature != .valid
        expect(draft.outcome != .attributed || !isWanting, "attributed without a valid signature")
        expect(draft.outcome != .unsigned || isWanting, "unsigned with \(String(describing: draft.signature))")
    }

    private func checkStatus(_ draft: RecordDraft) {
        expect(draft.status == decision.answer.status, "another status in the record")
        let isRejected = draft.route.partner.otherwise == .reject && draft.outcome != .attributed
        if isRejected {
            let namesOne = [.unknown, .suspended, .expired, .unsigned].contains(draft.outcome)
            expect(draft.status == (namesOne ? 403 : 400), "\(draft.status) for \(draft.outcome)")
        } else {
            let own = draft.method == .post ? 303 : draft.route.destination.status
            expect(draft.status == own, "\(draft.status) instead of \(own)")
        }
        expect((decision.answer.location == nil) == isRejected, "a rejection has no location, a redirect has one")
        expect(draft.personal.fields.location == decision.answer.location, "another location in the record")
    }

    // MARK: Location

    private func checkLocation(_ location: String, _ draft: RecordDraft) {
        let destination = draft.route.destination
        expect(location.utf8.starts(with: destination.url.utf8), "elsewhere: \(location)")
        expect(URLComponents(string: location)?.encodedHost?.lowercased() == destination.host, "another host: \(location)")
        expect(Self.isURI(Array(location.utf8)), "no URI: \(location)")
        var rest = location.utf8.dropFirst(destination.url.utf8.count)
        let fragment = rest.firstIndex(of: UInt8(ascii: "#")).map { String(rest[$0...].dropFirst())! }
        expect(fragment == destination.fragment, "fragment of \(location)")
        rest = rest.prefix { $0 != UInt8(ascii: "#") }
        guard !rest.isEmpty else { return checkPartner(nil, draft) }
        expect(rest.first == UInt8(ascii: "?"), "no query: \(location)")
        checkQuery(
            rest.dropFirst().split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { String($0)! }, draft)
    }

    private func checkQuery(_ pairs: [String], _ draft: RecordDraft) {
        var listed = draft.route.destination.query[...]
        var partner: String?
        for pair in pairs {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map { $0.removingPercentEncoding }
            guard parts.count == 2, let name = parts[0], let value = parts[1] else { return expect(false, "pair \(pair)") }
            guard let index = listed.firstIndex(where: { $0.name == name }) else {
                return expect(false, "\(name) is not listed, or out of order")
            }
            expect(!value.isEmpty, "\(name) has no value")
            let parameter = listed[index]
            listed = listed[(index + 1)...]
            if case .partner = parameter.source { partner = value }
            if case .query(_, _, let maxLength) = parameter.source, parameter.defaultValue == nil {
                expect(value.utf8.count <= maxLength, "\(name) is too long")
            }
        }
        checkPartner(partner, draft)
    }

    /// The partner parameter holds only an ID that may be attributed at the time.
    private func checkPartner(_ value: String?, _ draft: RecordDraft) {
        let isListed = draft.route.destination.query.contains { if case .partner = $0.source { true } else { false } }
        let attributed = draft.outcome == .attributed ? draft.partner : nil
        expect(value == (isListed ? attributed?.description : nil), "the partner parameter is \(value ?? "-")")
        guard let attributed else { return }
        guard let standing = directory[attributed] else {
            return expect(draft.route.partner.require == .syntax, "\(attributed) is not in the directory")
        }
        expect(standing.status != .suspended, "\(attributed) is suspended")
        // Days compare as their texts do: another way than the code under test goes.
        let today = String(time.description.prefix(10))
        if let first = standing.validFrom { expect(first.description <= today, "\(attributed) is not valid yet") }
        if let last = standing.validTo { expect(today <= last.description, "\(attributed) is no longer valid") }
    }

    private static func isURI(_ bytes: [UInt8]) -> Bool {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%".utf8)
        let upperHex = Set("0123456789ABCDEF".utf8)
        return bytes.allSatisfy(allowed.contains) && bytes.count { $0 == UInt8(ascii: "#") } <= 1
            && bytes.indices.allSatisfy { index in
                bytes[index] != UInt8(ascii: "%")
                    || index + 2 < bytes.count && upperHex.contains(bytes[index + 1]) && upperHex.contains(bytes[index + 2])
            }
    }

    // MARK: Record

    private func checkPersonalTexts(_ fields: PersonalFields) {
        for text in [fields.partnerRaw, fields.referrerHost, fields.userAgent].compactMap(\.self) {
            expect(text.utf8.count <= 512 && !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "text \(text)")
        }
        expect(fields.dropped.count <= 32, "\(fields.dropped.count) dropped names")
        for name in fields.dropped {
            let decoded = name.utf8.count - 2 * name.utf8.count { $0 == UInt8(ascii: "%") }
            expect((1...64).contains(decoded) && name.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "dropped \(name)")
        }
    }

    private func checkEncoding(_ draft: RecordDraft) {
        var leaf: [UInt8] = []
        var personal: [UInt8] = []
        draft.appendPersonalJSON(visitor: "ab", to: &personal)
        draft.appendLeafJSON(
            RecordCompletion(sequence: 9, node: "n", visitor: "ab", isRepeat: true),
            personal: [UInt8](repeating: 0xAB, count: 32),
            to: &leaf)
        for json in [leaf, personal] where !Self.isCanonical(json) {
            expect(false, "not canonical: \(String(decoding: json, as: UTF8.self))")
        }
        expect(personal.allSatisfy { (0x20...0x7E).contains($0) }, "the personal JSON is not ASCII on one line")
        guard let record = Record(leaf: leaf, personal: personal) else { return expect(false, "the record can't be read back") }
        for (json, isPersonal) in [(leaf, false), (personal, true)] {
            let object = (try? JSONSerialization.jsonObject(with: Data(json))) as? [String: Any] ?? [:]
            for field in RecordField.allCases where field.isPersonal == isPersonal {
                expect(
                    Self.equals(record[field], object[field.rawValue]),
                    "\(field.rawValue) is read back as \(record[field] as Any)")
            }
        }
    }

    /// Written anew by Foundation with sorted keys, the same bytes come out.
    private static func isCanonical(_ json: [UInt8]) -> Bool {
        guard let object = try? JSONSerialization.jsonObject(with: Data(json)),
            let again = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        else { return false }
        return Array(again) == json
    }

    private static func equals(_ value: Record.Value?, _ other: Any?) -> Bool {
        switch value {
        case nil: other == nil
        case .text(let text): other as? String == text
        case .number(let number): other as? Int == Int(number)
        case .list(let list): other as? [String] == list
        }
    }
}
