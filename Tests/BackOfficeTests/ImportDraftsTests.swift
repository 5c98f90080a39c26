import Attribution
import Office
import Testing

@testable import BackOffice

@Suite("Files between preview and import")
struct ImportDraftsTests {
    private let drafts = ImportDrafts()

    private func seconds(_ count: Int64) -> Timestamp {
        Timestamp(microseconds: RunningServer.now.microseconds + count * 1_000_000)
    }

    private func draft(_ name: String, bytes: Int = 1) -> ImportDrafts.Draft {
        ImportDrafts.Draft(fileName: name, csv: [UInt8](repeating: 0x41, count: bytes))
    }

    @Test("a file is there for who sent it, for half an hour, until it is taken or another one comes")
    func lifetime() {
        let first = drafts.keep(draft("first"), of: "anna", at: seconds(0))
        #expect(drafts.draft(first, of: "anna", at: seconds(1))?.fileName == "first")
        #expect(drafts.draft(first, of: "ben", at: seconds(1)) == nil)
        #expect(drafts.draft("x", of: "anna", at: seconds(1)) == nil)
        #expect(drafts.draft(first, of: "anna", at: seconds(ImportDrafts.lifetimeSeconds)) != nil)
        #expect(drafts.draft(first, of: "anna", at: seconds(ImportDrafts.lifetimeSeconds + 1)) == nil)
        let second = drafts.keep(draft("second"), of: "anna", at: seconds(2))
        #expect(drafts.draft(first, of: "anna", at: seconds(2)) == nil)
        drafts.remove(second)
        #expect(drafts.draft(second, of: "anna", at: seconds(2)) == nil)
    }

    @Test("only so many are kept, and only so much: the oldest go")
    func bounds() {
        let ids = (0...ImportDrafts.maximumDrafts).map { number in
            drafts.keep(draft("\(number)"), of: "user \(number)", at: seconds(Int64(number)))
        }
        #expect(drafts.draft(ids[0], of: "user 0", at: seconds(9)) == nil)
        #expect(drafts.draft(ids[1], of: "user 1", at: seconds(9)) != nil)
        let large = (0..<3).map { number in
            drafts.keep(
                draft("large", bytes: PartnerCSV.maximumFileBytes), of: "large \(number)", at: seconds(20 + Int64(number)))
        }
        #expect(drafts.draft(large[0], of: "large 0", at: seconds(30)) == nil)
        #expect(drafts.draft(large[1], of: "large 1", at: seconds(30)) != nil)
        #expect(drafts.draft(large[2], of: "large 2", at: seconds(30)) != nil)
    }
}
