/// One step of a decision, told: what was asked, what was found, and what that rests on.
///
/// All but what the visitor and the operator wrote are words of closed sets, so that pages can say them in any language.
package struct DecisionStep: Equatable, Sendable {
    /// What a step asks, in the order in which a decision asks.
    package enum Question: String, CaseIterable, Sendable {
        /// How the request's target was read.
        case target
        /// Which route judges.
        case route
        /// Whether sign-ups may use the method.
        case method
        /// What query and form say.
        case parameters
        /// Whom the request names.
        case candidates
        /// What the directory says of that partner.
        case directory
        /// What the link's signature is worth; only on routes that look for one.
        case signature
        /// Whether the sign-up is attributed.
        case outcome
        /// What else the request says: culture, country, campaign.
        case values
        /// What sent the request, and whether it is a visit.
        case client
        /// What is answered.
        case answer
        /// What the redirect's address is made of.
        case location
    }

    package let question: Question
    package let finding: Finding
    package let facts: [Fact]
    /// Lines of a table, where there is one of a kind: parameters, candidates, parts of an address.
    package let rows: [[Fact]]

    init(_ question: Question, _ finding: Finding, _ facts: [Fact?] = [], rows: [[Fact?]] = []) {
        self.question = question
        self.finding = finding
        self.facts = facts.compactMap(\.self)
        self.rows = rows.map { $0.compactMap(\.self) }
    }

    private init(_ step: DecisionStep, adding facts: [Fact]) {
        question = step.question
        finding = step.finding
        self.facts = step.facts + facts
        rows = step.rows
    }

    /// The step with facts that the decision does not need, and whoever reads it wants to know.
    package func adding(_ facts: [Fact]) -> DecisionStep { DecisionStep(self, adding: facts) }
}

/// A fact that a step rests on.
package struct Fact: Equatable, Sendable {
    /// What a fact is called; as in records, where a record has it.
    package enum Label: String, CaseIterable, Sendable {
        case scheme, host, path, query, method, allow, status, body
        case route, version, matches, segment, hosts
        case name, value, place, use
        case sent, cleaned, kind, reason
        case partner, standing
        case statusReason = "status_reason"
        case validFrom = "valid_from"
        case validTo = "valid_to"
        case since
        case partnerName = "partner_name"
        case directoryVersion = "directory_version"
        case partners, time, outcome, otherwise
        case what, from, client
        case clientOS = "client_os"
        case why, location, url, fragment
        case expires, keys
    }

    package enum Value: Equatable, Sendable {
        /// What somebody wrote, or a number.
        case text(String)
        case word(ExplanationWord)
        case outcome(Outcome)
        case reason(Reason)
        case standing(PartnerStanding.Status)
        /// RFC 3339.
        case time(Timestamp)
    }

    package let label: Label
    package let value: Value

    package init(_ label: Label, _ value: Value) {
        self.label = label
        self.value = value
    }

    package init(_ label: Label, _ text: String) {
        self.init(label, .text(text))
    }

    init(_ label: Label, _ word: ExplanationWord) {
        self.init(label, .word(word))
    }

    /// What was sent.
    init(_ label: Label, sent bytes: some Collection<UInt8>) {
        self.init(label, ShownText.of(bytes))
    }

    /// The fact as a program reads it.
    package var text: String {
        switch value {
        case .text(let text): text
        case .word(let word): word.rawValue
        case .outcome(let outcome): outcome.rawValue
        case .reason(let reason): reason.rawValue
        case .standing(let status): status.rawValue
        case .time(let time): time.description
        }
    }
}
