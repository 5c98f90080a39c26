import Attribution
import Foundation
import RouteFiles
import Testing

/// Runs the cases of `Cases/*.case` on the routes of `Cases/routes` and the directory of `Cases/directory.txt`.
@Suite struct GoldenCaseTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    static let receipt = Receipt("01ARZ3NDEKTSV4RRFFQ69G5FAV")!
    static let cases = Result { try GoldenCase.all(in: folder) }
    static let routes = Result {
        try RouteFolder.load(path: folder.appending(path: "routes").path, ownHosts: ["gateway.example.com"]).table
    }
    static let directory = Result { try TestDirectory.load(folder.appending(path: "directory.txt")) }

    @Test("every case file is well-formed, and there are at least 170 cases")
    func casesAreWellFormed() throws {
        #expect(try Self.cases.get().count >= 170)
    }

    @Test("the decision is as the case says", arguments: try cases.get())
    func decision(_ golden: GoldenCase) throws {
        let decision = decide(
            golden.request, routes: try Self.routes.get(), directory: try Self.directory.get(), time: golden.time,
            receipt: Self.receipt)
        let actual = Self.fields(of: decision)
        for (field, value) in golden.expected {
            #expect(actual[field, default: "-"] == value, "\(golden): \(field)")
        }
    }

    /// The decision's answer and its record's fields as the case files write them.
    private static func fields(of decision: Decision) -> [String: String] {
        var fields = ["status": String(decision.answer.status)]
        fields["location"] = decision.answer.location
        switch decision.answer {
        case .refusal(.methodNotAllowed(let allow)): fields["allow"] = allow
        case .rejection: fields["page"] = decision.namedCulture?.tag
        case .own(let path): fields["own"] = path.rawValue
        default: break
        }
        guard let draft = decision.draft else {
            fields["record"] = "none"
            return fields
        }
        fields["record"] = "yes"
        fields["visit"] = draft.isVisit ? "yes" : "no"
        fields["listed"] = draft.partnerIsListed ? "yes" : "no"
        var leaf: [UInt8] = []
        var personal: [UInt8] = []
        draft.appendPersonalJSON(visitor: nil, to: &personal)
        draft.appendLeafJSON(
            RecordCompletion(sequence: 1, node: "n", visitor: nil, isRepeat: false),
            personal: [UInt8](repeating: 0, count: 32), to: &leaf)
        guard let record = Record(leaf: leaf, personal: personal) else {
            fields["record"] = "unreadable"
            return fields
        }
        for field in RecordField.allCases {
            switch record[field] {
            case nil: break
            case .text(let text): fields[field.rawValue] = text
            case .number(let number): fields[field.rawValue] = String(number)
            case .list(let list): fields[field.rawValue] = list.joined(separator: " ")
            }
        }
        return fields
    }
}
