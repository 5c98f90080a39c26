import Attribution
import Dispatch
import Foundation
import FrontDoor
import Ledger
import NIOCore

/// Runs one step of the hot path many times: what `callgrind` counts the instructions of, and a stopwatch the time.
///
///     hotpath STEP COUNT [--routes DIR] [--data DIR]
///
/// prints nanoseconds a step. The difference between two counts is free of what starting costs. The steps of ``Cryptography`` are
/// run in the same way.
@main
struct HotPath {
    enum Step: String, CaseIterable {
        /// One request head, from bytes.
        case head
        /// One decision, with the record's draft.
        case decide
        /// What Accept-Language asks for, which a decision without another culture reads.
        case language
        /// A draft's personal JSON and leaf.
        case encode
        /// One redirect as HTTP/1 bytes.
        case answer
        /// One record appended and committed by itself, in commits of 8, and of 128.
        case commit1, commit8, commit128

        var batch: Int {
            switch self {
            case .commit8: 8
            case .commit128: 128
            default: 1
            }
        }
    }

    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var routes = "routes"
        var data: String?
        while let option = arguments.firstIndex(where: { $0.hasPrefix("--") }), option + 1 < arguments.count {
            if arguments[option] == "--routes" { routes = arguments[option + 1] } else { data = arguments[option + 1] }
            arguments.removeSubrange(option...option + 1)
        }
        guard arguments.count == 2, let count = Int(arguments[1]), count >= 0 else { exitWithUsage() }
        let nanoseconds: UInt64
        if let step = Step(rawValue: arguments[0]) {
            nanoseconds = try run(step, count: count, Workload(folder: routes), data: data)
        } else if let part = Cryptography(rawValue: arguments[0]) {
            nanoseconds = try part.run(count: count)
        } else {
            exitWithUsage()
        }
        print(count == 0 ? "0" : String(nanoseconds / UInt64(count)))
    }

    private static func exitWithUsage() -> Never {
        let steps = (Step.allCases.map(\.rawValue) + Cryptography.allCases.map(\.rawValue)).joined(separator: "|")
        FileHandle.standardError.write(Data("usage: hotpath \(steps) COUNT [--routes DIR] [--data DIR]\n".utf8))
        exit(64)
    }

    private static func run(_ step: Step, count: Int, _ workload: Workload, data: String?) throws -> UInt64 {
        switch step {
        case .head:
            let heads = (0..<64).map(Workload.requestBytes)
            return measured(count) { blackHole(parse(heads[$0 % 64]).fieldCount) }
        case .language:
            let value = Array(Workload.acceptLanguage.utf8)
            return measured(count) { _ in
                let culture = AcceptLanguage.best(in: value.span) { Culture(tag: $0) }
                blackHole(culture?.lcid ?? 0)
            }
        case .decide:
            let requests = workload.requests(64, head: parse)
            return measured(count) { blackHole(workload.decision(requests[$0 % 64], $0).draft?.status ?? 0) }
        case .encode:
            let drafts = drafts(64, workload)
            var json: [UInt8] = []
            let hash = [UInt8](repeating: 7, count: 32)
            return measured(count) { index in
                let completion = RecordCompletion(
                    sequence: Int64(index + 1), node: "main", visitor: "0ebbc95062e41a178cee73ec469937d4", isRepeat: false)
                json.removeAll(keepingCapacity: true)
                drafts[index % 64].appendPersonalJSON(visitor: completion.visitor, to: &json)
                drafts[index % 64].appendLeafJSON(completion, personal: hash, to: &json)
                blackHole(json.count)
            }
        case .answer:
            let decisions = workload.requests(64, head: parse).enumerated().map { workload.decision($1, $0) }
            var writer = AnswerWriter()
            writer.tick(Workload.time)
            var buffer = ByteBufferAllocator().buffer(capacity: 1_024)
            let pages = ErrorPages.builtIn
            return measured(count) { index in
                let decision = decisions[index % 64]
                buffer.clear()
                let reply = Reply(
                    content: .answer(decision.answer), receipt: decision.draft?.receipt, isHead: false, persistence: .stays)
                writer.write(reply, pages: pages, isHealthy: true, to: &buffer)
                blackHole(buffer.readableBytes)
            }
        case .commit1, .commit8, .commit128:
            return try commit(count, batch: step.batch, workload, data: data)
        }
    }

    private static func parse(_ bytes: [UInt8]) -> RequestHead {
        var parser = RequestHeadParser()
        guard case .complete(let head) = bytes.withUnsafeBytes({ parser.read($0) }).progress else {
            preconditionFailure("the workload's heads are whole")
        }
        return head
    }

    private static func drafts(_ count: Int, _ workload: Workload) -> [RecordDraft] {
        workload.requests(count, head: parse).enumerated().compactMap { workload.decision($1, $0).draft }
    }

    /// Commits one batch after the other, in a ledger of its own.
    private static func commit(_ count: Int, batch: Int, _ workload: Workload, data: String?) throws -> UInt64 {
        let folder = data ?? NSTemporaryDirectory() + "porter-hotpath-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { if data == nil { try? FileManager.default.removeItem(atPath: folder) } }
        var settings = LedgerSettings()
        settings.commitWaitMicroseconds = 0
        let writer = try LedgerWriter.open(folder: try DataFolderLock.acquire(folder: folder), node: "main", settings: settings)
        let drafts = drafts(max(batch, 64), workload)
        let committed = DispatchSemaphore(value: 0)
        let took = measured(count / batch) { index in
            let start = index * batch % drafts.count
            let batch = Array(drafts[start..<start + batch])
            guard writer.append(batch, completion: { _ in committed.signal() }) else { preconditionFailure("there is room") }
            committed.wait()
        }
        writer.close()
        return took
    }

    static func measured(_ count: Int, _ body: (Int) throws -> Void) rethrows -> UInt64 {
        let begin = DispatchTime.now().uptimeNanoseconds
        for index in 0..<count { try body(index) }
        return DispatchTime.now().uptimeNanoseconds - begin
    }

    /// Keeps the optimizer from leaving out what nobody looks at.
    @inline(never)
    static func blackHole(_ value: Int) {}
}
