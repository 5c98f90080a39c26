import Attribution

@testable import FrontDoor

/// What a head parser made of some bytes, in a form that can be compared.
enum ParsedHead: Equatable, CustomStringConvertible {
    case needsMore
    case fault(HeadFault)
    /// `consumed`: of all the bytes that were given.
    case head(method: String, target: [UInt8], version: RequestHead.Version, fields: Int, known: [String: [UInt8]], consumed: Int)

    /// Gives the bytes to a parser in pieces that end at `cuts`.
    init(_ bytes: [UInt8], cuts: [Int] = []) {
        var parser = RequestHeadParser()
        var start = 0
        for end in cuts + [bytes.count] {
            let (consumed, progress) = bytes[start..<end].withUnsafeBytes { parser.read($0) }
            switch progress {
            case .needsMore:
                precondition(consumed == end - start)
                start = end
            case .fault(let fault):
                self = .fault(fault)
                return
            case .complete(let head):
                let known = RequestHead.Field.allCases.compactMap { field in
                    head[field].map { ("\(field.name)", Array($0)) }
                }
                self = .head(
                    method: String(decoding: head.methodBytes, as: UTF8.self), target: Array(head.targetBytes),
                    version: head.version, fields: head.fieldCount,
                    known: Dictionary(uniqueKeysWithValues: known), consumed: start + consumed
                )
                return
            }
        }
        self = .needsMore
    }

    var description: String {
        switch self {
        case .needsMore: "needs more"
        case .fault(let fault): "\(fault)"
        case .head(let method, let target, let version, let fields, let known, let consumed):
            "\(method) \(String(decoding: target, as: UTF8.self)) \(version) \(fields) \(known.keys.sorted()) \(consumed)"
        }
    }
}
