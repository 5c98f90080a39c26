package import Attribution
import Ledger

/// A decision and its steps, as `porter explain`, the API and the page show them.
package struct Explanation: Sendable {
    package let decision: Decision
    package let steps: [DecisionStep]
    /// The record that the request would make, without what the ledger adds.
    package let record: Record

    package init(_ explained: ExplainedDecision) {
        decision = explained.decision
        steps = explained.steps
        record = decision.draft.flatMap(Self.record) ?? Record([.status: .number(Int64(decision.answer.status))])
    }

    private static func record(_ draft: RecordDraft) -> Record? {
        var leaf: [UInt8] = []
        var personal: [UInt8] = []
        draft.appendPersonalJSON(visitor: nil, to: &personal)
        let nowhere = RecordCompletion(sequence: 0, node: "", visitor: nil, isRepeat: false)
        draft.appendLeafJSON(nowhere, personal: [], to: &leaf)
        var record = Record(leaf: leaf, personal: personal)
        record?[.sequence] = nil
        record?[.node] = nil
        return record
    }
}

extension Explanation {
    /// All fields of the record by name, absent ones null, `dropped` always a list; and the steps.
    package var json: String {
        var members = RecordField.signups.map { field in
            "\(Self.string(field.rawValue)): \(field == .dropped ? Self.list(record.list(field) ?? []) : Self.value(record[field]))"
        }
        let steps = steps.map { "    " + Self.step($0) }.joined(separator: ",\n")
        members.append("\"steps\": [\n\(steps)\n  ]")
        return "{\n  " + members.joined(separator: ",\n  ") + "\n}"
    }

    private static func step(_ step: DecisionStep) -> String {
        """
        {"step": \(string(step.question.rawValue)), "finding": \(string(step.finding.rawValue)), \
        "facts": \(object(step.facts)), "rows": [\(step.rows.map(object).joined(separator: ", "))]}
        """
    }

    private static func object(_ facts: [Fact]) -> String {
        "{" + facts.map { "\(string($0.label.rawValue)): \(string($0.text))" }.joined(separator: ", ") + "}"
    }

    private static func value(_ value: Record.Value?) -> String {
        switch value {
        case nil: "null"
        case .text(let text): string(text)
        case .number(let number): String(number)
        case .list(let texts): list(texts)
        }
    }

    private static func list(_ texts: [String]) -> String { "[" + texts.map(string).joined(separator: ", ") + "]" }

    private static func string(_ text: String) -> String {
        var json: [UInt8] = []
        JSONString.append(text, to: &json)
        return String(decoding: json, as: UTF8.self)
    }
}
