/// Something in a ledger that is not as it must be.
package struct VerifyFinding: Sendable, Equatable, CustomStringConvertible {
    /// Names for programs; each is described where it is found.
    package enum Kind: String, Sendable {
        case gap
        case unreadable
        case misplaced
        case hash
        case personal
        case receipt
        case duplicate
        case counter
        case span
        case progress
        case storage
    }

    package let kind: Kind
    /// The record, when it is about one.
    package let sequence: Int64?
    /// What is wrong, in one line.
    package let detail: String

    package var description: String {
        sequence.map { "record \($0): \(detail)" } ?? detail
    }
}

/// What a verification found.
package struct VerifyReport: Sendable, Equatable {
    /// Findings that are kept: a ledger that is damaged all over would otherwise fill the memory.
    package static let maximumFindings = 100

    /// Records that were read.
    package internal(set) var records: Int64 = 0
    /// Of these, records whose personal fields are erased.
    package internal(set) var erased: Int64 = 0
    /// The last place.
    package internal(set) var lastSequence: Int64 = 0
    /// The first hundred.
    package private(set) var findings: [VerifyFinding] = []
    /// All findings, also those that are not kept.
    package private(set) var findingCount = 0

    package var isSound: Bool { findingCount == 0 }

    mutating func add(_ kind: VerifyFinding.Kind, _ sequence: Int64? = nil, _ detail: String) {
        findingCount += 1
        if findings.count < Self.maximumFindings {
            findings.append(VerifyFinding(kind: kind, sequence: sequence, detail: detail))
        }
    }
}
