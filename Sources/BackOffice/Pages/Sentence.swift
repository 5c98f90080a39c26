import Attribution
import DeploymentKit
import Office

/// A sentence of the pages' texts, in whatever language they are read.
struct Sentence: Equatable, Sendable {
    let key: String
    /// What stands in the sentence in place of {1}, {2}, ….
    var words: [String] = []
    /// The key of a text that says what the sentence is about, and stands before it.
    var subject: String?
    /// Keys of texts that end the sentence.
    var rest: [String] = []
}

extension Sentence {
    init(_ mistake: Mistake) {
        self.init(
            key: "mistake-" + mistake.kind.rawValue, words: mistake.words,
            subject: mistake.column.map { "column-" + $0.rawValue })
    }

    /// Only for faults that have a kind.
    init(_ fault: KitFault) {
        self.init(key: "kit-fault-" + (fault.kind?.rawValue ?? ""), words: fault.words)
    }

    init(_ refusal: AdjustmentRefusal) {
        switch refusal {
        case .unknownReceipt(let receipt): self.init(key: "refusal-unknown-receipt", words: [receipt.description])
        case .noSignup(let receipt): self.init(key: "refusal-no-signup", words: [receipt.description])
        case .attributed(_, let partner): self.init(key: "refusal-attributed", words: [partner])
        case .nothingToChange(_, let partner?): self.init(key: "refusal-adjusted-already", words: [partner.description])
        case .nothingToChange(_, nil): self.init(key: "refusal-no-adjustment")
        case .unknownPartner(let partner): self.init(key: "refusal-unknown-partner", words: [partner.description])
        case .unusablePartner(let partner, let outcome, let reason):
            self.init(
                key: "refusal-unusable-partner", words: [partner.description],
                rest: ["outcome-" + outcome.rawValue] + (reason.map { ["reason-" + $0.rawValue] } ?? []))
        case .note: self.init(key: "refusal-note", words: ["\(AdjustmentDraft.maximumNoteScalars)"])
        case .notCommitted: self.init(key: "refusal-not-committed")
        }
    }

    /// Parts of questions to the ledger, and to the page Explain, of which the texts say what is expected of them.
    static let askedParts: Set<String> = [
        "since", "until", "partner", "claimed", "kind", "outcome", "reason", "client", "signature", "receipt", "url", "at",
        "request",
    ]

    /// - Parameter part: of a question; empty for all of it. nil for parts that only programs give.
    init?(askedPart part: String) {
        let part = part.isEmpty ? "request" : part
        guard Self.askedParts.contains(part) else { return nil }
        self.init(key: "asked-" + part)
    }
}

extension PageLibrary {
    func text(_ sentence: Sentence, in language: PageLanguage) -> String {
        var text = ""
        // In one pass, as what is put in may itself look like a place.
        var rest = self.text(sentence.key, in: language)[...]
        while let place = rest.firstMatch(of: /\{([0-9])\}/) {
            let number = Int(place.output.1) ?? 0
            text += rest[..<place.range.lowerBound]
            text += sentence.words.indices.contains(number - 1) ? sentence.words[number - 1] : ""
            rest = rest[place.range.upperBound...]
        }
        text += rest
        if let subject = sentence.subject {
            text = self.text(subject, in: language) + (language == .french ? " : " : ": ") + text
        }
        return ([text] + sentence.rest.map { self.text($0, in: language) }).joined(separator: " ")
    }
}

extension PageRenderer {
    /// What is wrong, in the reader's language; in English, as the API says it, where the texts have no sentence for it.
    func told(_ problem: Problem, for reader: PageReader) -> String {
        problem.sentences.isEmpty
            ? problem.detail : problem.sentences.map { pageLibrary.text($0, in: reader.language) }.joined(separator: " ")
    }
}

extension Pages {
    /// What is wrong, in the reader's language.
    func told(_ error: any Error, _ reader: PageReader) -> String { renderer.told(Problem(error), for: reader) }
}
