internal import Attribution

/// What a segment's records can be looked up by: for each field and value the places that have it.
struct SegmentPostings {
    private var values = [FieldValues](repeating: FieldValues(), count: SearchField.allCases.count + 1)
    /// Requests with a well-formed ID that the directory did not have, by UTC day (as its text) and ID.
    private(set) var unknownIDs: [UnknownID: Int64] = [:]

    struct UnknownID: Hashable {
        let day: String
        let id: String
    }

    /// All that was found, in the order of the table's key.
    var all: [(field: SearchField, value: String, places: [UInt16])] {
        SearchField.allCases.sorted { $0.rawValue < $1.rawValue }.flatMap { field in
            values[field.rawValue].all(of: field).map { (field, $0.value, $0.places) }
        }
    }

    /// Records must be added by ascending place.
    mutating func add(_ leaf: UnsafeRawBufferPointer, at place: Int) {
        let place = UInt16(place)
        var members = LeafMembers(leaf)
        var (isUnknown, partner, time): (Bool, Range<Int>?, Range<Int>?) = (false, nil, nil)
        while let member = members.next() {
            guard let meaning = Meaning(UnsafeRawBufferPointer(rebasing: leaf[member.name])) else { continue }
            let value = UnsafeRawBufferPointer(rebasing: leaf[member.value])
            switch meaning {
            case .field(let field):
                values[field.rawValue].add(value, at: place)
                if field == .outcome { isUnknown = value.isEqual(to: "unknown") }
            case .claimed: addIDs(leaf, in: member.value, at: place)
            case .partner:
                partner = member.value
                values[SearchField.id.rawValue].add(value, at: place)
            case .replaces: values[SearchField.id.rawValue].add(value, at: place)
            case .time: time = member.value
            }
        }
        guard isUnknown, let partner, let time, time.count > 10 else { return }
        let day = String(decoding: leaf[time.prefix(10)], as: UTF8.self)
        unknownIDs[UnknownID(day: day, id: String(decoding: leaf[partner], as: UTF8.self)), default: 0] += 1
    }

    /// `["123","456"]`
    private mutating func addIDs(_ leaf: UnsafeRawBufferPointer, in list: Range<Int>, at place: UInt16) {
        var start: Int?
        for index in list {
            if leaf[index].isASCIIDigit {
                if start == nil { start = index }
            } else if let begin = start {
                values[SearchField.id.rawValue].add(UnsafeRawBufferPointer(rebasing: leaf[begin..<index]), at: place)
                start = nil
            }
        }
    }

    /// What a member of a leaf is to the index. Names are told apart by their length first: most are none of these.
    private enum Meaning {
        /// Taken as it is.
        case field(SearchField)
        case claimed, partner, replaces, time

        init?(_ name: UnsafeRawBufferPointer) {
            switch name.count {
            case 4 where name.isEqual(to: "kind"): self = .field(.kind)
            case 4 where name.isEqual(to: "time"): self = .time
            case 5 where name.isEqual(to: "route"): self = .field(.route)
            case 6 where name.isEqual(to: "origin"): self = .field(.origin)
            case 6 where name.isEqual(to: "client"): self = .field(.client)
            case 6 where name.isEqual(to: "reason"): self = .field(.reason)
            case 7 where name.isEqual(to: "outcome"): self = .field(.outcome)
            case 7 where name.isEqual(to: "adjusts"): self = .field(.adjusts)
            case 7 where name.isEqual(to: "claimed"): self = .claimed
            case 7 where name.isEqual(to: "partner"): self = .partner
            case 8 where name.isEqual(to: "campaign"): self = .field(.campaign)
            case 8 where name.isEqual(to: "replaces"): self = .replaces
            default: return nil
            }
        }
    }
}

/// The values of one field and their places.
private struct FieldValues {
    private var numbers: [[UInt8]: Int] = [:]
    private var places: [[UInt16]] = []
    /// The value that came last, which mostly comes again.
    private var last: [UInt8] = []
    private var lastNumber: Int?

    /// - Parameter field: whose values they are. Campaigns that are counted as one are looked up as one.
    func all(of field: SearchField) -> [(value: String, places: [UInt16])] {
        guard field == .campaign else {
            return numbers.map { (Self.text($0.key), places[$0.value]) }.sorted { $0.value < $1.value }
        }
        var merged: [String: [UInt16]] = [:]
        for (json, number) in numbers { merged[CampaignDays.canonical(Self.text(json)), default: []] += places[number] }
        return merged.map { ($0.key, $0.value.sorted()) }.sorted { $0.value < $1.value }
    }

    /// - Parameter value: as it stands in the JSON.
    mutating func add(_ value: UnsafeRawBufferPointer, at place: UInt16) {
        let number: Int
        if let lastNumber, last.withUnsafeBytes({ value.isEqual(to: $0) }) {
            number = lastNumber
        } else {
            last = Array(value)
            number = numbers[last] ?? places.count
            if number == places.count {
                numbers[last] = number
                places.append([])
            }
            lastNumber = number
        }
        // A partner that was claimed as well.
        if places[number].last != place { places[number].append(place) }
    }

    /// Canonical JSON escapes few characters; a value that has such is decoded as the leaf that it could be.
    private static func text(_ json: [UInt8]) -> String {
        let plain = String(decoding: json, as: UTF8.self)
        guard json.contains(UInt8(ascii: "\\")) else { return plain }
        return Attribution.Record(leaf: Array("{\"campaign\":\"\(plain)\"}".utf8), personal: nil)?.text(.campaign) ?? plain
    }
}
