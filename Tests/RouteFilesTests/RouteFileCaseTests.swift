import Testing

@Suite("Route files, case by case")
struct RouteFileCaseTests {
    @Test("reads right files, and tells everything that is wrong with wrong ones", arguments: RouteFileCase.all)
    func example(_ example: RouteFileCase) {
        #expect(example.outcome() == example.expected)
    }

    @Test("has a case for every mistake")
    func cases() {
        #expect(RouteFileCase.all.count >= 60)
        #expect(RouteFileCase.all.allSatisfy { !$0.expected.isEmpty })
    }
}
