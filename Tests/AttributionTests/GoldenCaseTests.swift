import Attribution
import Foundation
import RouteFiles
import Testing

/// Runs the cases of `Cases/*.case` on the routes of `Cases/routes` and the directory of `Cases/directory.txt`.
@Suite struct GoldenCaseTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    static let receipt = Receipt("01ARZ3NDEKTSV4RRFFQ69G5FAV")!
    static let cases = Result { try GoldenCase.all(in: folder) }

    @Test("every case file is well-formed, and there are at least 150 cases")
    func casesAreWellFormed() throws {
        #expect(try Self.cases.get().count >= 150)
    }

    @Test("the decision is as the case says", arguments: try cases.get())
    func decision(_ golden: GoldenCase) throws {
        let routes = try RouteFolder.load(path: Self.folder.appending(path: "routes").path, ownHosts: ["gateway.example.com"]).table
        let decision = decide(
            golden.request, routes: routes, directory: try Self.directory(), time: golden.time, receipt: Self.receipt)
        let actual = Self.fields(of: decision)
        for (field, value) in golden.expected {
            #expect(actual[field, default: "-"] == value, "\(golden): \(field)")
        }
    }

    /// The decision's answer and its record's fields as the case files write them.
    private static func fields(of decision: Decision) -> [String: String] {
        var fields = ["status": String(decision.answer.status)]
        fields["location"] = decision.answer.location
        if case .refusal(.methodNotAllowed(let allow)) = decision.answer { fields["allow"] = allow }
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

    /// Lines of `ID status reason valid_from valid_to`, `-` for none.
    private static func directory() throws -> PartnerDirectory {
        let text = try String(contentsOf: folder.appending(path: "directory.txt"), encoding: .utf8)
        var standings: [PartnerID: PartnerStanding] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            let id = try #require(PartnerID(words[0]))
            standings[id] = PartnerStanding(
                status: try #require(PartnerStanding.Status(rawValue: words[1])),
                statusReason: PartnerStanding.StatusReason(rawValue: words[2]),
                validFrom: CalendarDay(words[3]),
                validTo: CalendarDay(words[4]))
        }
        return PartnerDirectory(version: 7, standings: standings)
    }
}
