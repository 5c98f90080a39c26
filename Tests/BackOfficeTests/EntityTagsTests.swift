import Testing

@testable import BackOffice

@Suite("If-Match")
struct EntityTagsTests {
    @Test(
        "says which states will do",
        arguments: [
            (nil, .none), ("*", .any), (" * ", .any), ("\"5\"", .oneOf(["5"])), ("\"5\", \"6\"", .oneOf(["5", "6"])),
            ("W/\"5\"", .oneOf([])), ("5", .oneOf([])), ("\"\"", .oneOf([])), ("", .oneOf([])), ("*, \"5\"", .oneOf(["5"])),
        ] as [(String?, EntityTags)])
    func reading(field: String?, expected: EntityTags) {
        #expect(EntityTags(ifMatch: field) == expected)
    }

    @Test("a field that never ends is read no further than it needs")
    func bound() {
        let many = (0..<1_000).map { "\"\($0)\"" }.joined(separator: ",")
        #expect(EntityTags(ifMatch: many).tags?.count == 20)
        #expect(EntityTags(ifMatch: "\"5\", \"x\"").versions == [5])
    }
}
