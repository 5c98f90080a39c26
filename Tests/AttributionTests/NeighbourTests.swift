import Attribution
import Testing

@Suite("Who was probably meant")
struct NeighbourTests {
    private func neighbours(of id: String, among ids: [String]) -> [String] {
        let directory = PartnerDirectory(
            version: 1, standings: Dictionary(uniqueKeysWithValues: ids.map { (PartnerID($0)!, PartnerStanding()) }))
        return directory.neighbours(of: PartnerID(id)!).map(\.description)
    }

    @Test("one digit off and two swapped are near; the ID itself, more digits off and fewer digits are not")
    func near() {
        let ids = ["1234567", "1234576", "1234568", "2234567", "1234667", "1243567", "1235467", "123456", "12345670", "1234666"]
        #expect(
            neighbours(of: "1234567", among: ids) == ["1234568", "1234576", "1234667", "1235467", "1243567", "2234567"])
    }

    @Test("an ID of one digit, and zeros in front that make none")
    func edges() {
        #expect(neighbours(of: "1", among: ["2", "10"]) == ["2"])
        #expect(neighbours(of: "10", among: ["1", "20"]) == ["20"])
        #expect(neighbours(of: "9999999999", among: ["9999999998"]) == ["9999999998"])
    }
}
