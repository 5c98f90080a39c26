import ArgumentParser
import Foundation
import RouteFiles
import Testing

@testable import porter

@Suite("A command's failure")
struct CommandFailureTests {
    private struct Unforeseen: Error, CustomStringConvertible {
        var description: String { "two\nlines" }
    }

    @Test("that nobody foresaw is one line, and never the status of an answer")
    func unforeseen() throws {
        for error in [Unforeseen(), CocoaError(.fileReadUnknown)] as [any Error] {
            let failure = try #require(Porter.failure(of: error))
            #expect(failure.exitCode == CommandFailure.badRequest)
            let lineCount = failure.message.split(whereSeparator: \.isNewline).count
            #expect(lineCount == 1)
        }
    }

    @Test("that the argument parser made, or that is an answer, is left to the parser")
    func parsers() {
        for error in [ExitCode(CommandFailure.answerIsNo), ValidationError("no"), CleanExit.message("done")] as [any Error] {
            #expect(Porter.failure(of: error) == nil)
        }
    }

    @Test("of wrong route files means that a request can't be carried out, except to who asks whether they are right")
    func routes() {
        let errors = #expect(throws: RouteFileErrors.self) { try RouteFolder.load(path: "/nonexistent") }
        #expect(errors.map { Porter.failure(of: $0)?.exitCode } == CommandFailure.badRequest)
        #expect(errors.map { CommandFailure($0, exitCode: CommandFailure.answerIsNo).exitCode } == CommandFailure.answerIsNo)
    }
}
