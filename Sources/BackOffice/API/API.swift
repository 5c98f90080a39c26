import Attribution
import Foundation
import Hummingbird
import Logging
import NIOCore
import Office

/// `/api/v1`: all that programs and commands can read and do. The control socket answers the same as the back office's door; who
/// asks differs. What there is, is described for programs in `Public/back-office/openapi.json`, and for readers of this code in a table
/// at the top of each extension.
struct API: Sendable {
    let desks: Desks
    let logger: Logger
    /// The API's description in OpenAPI 3.1. Commands know the API: on the control socket there is none.
    var description: PageLibrary.StaticFile?

    /// The paths below this are the API's.
    static let prefix = "/api/v1"

    /// Whether a path leads to the API: the router passes empty parts over.
    static func has(_ path: String) -> Bool {
        path.split(separator: "/").starts(with: prefix.split(separator: "/"))
    }

    /// A partner's fields at their longest, escaped, are well below; so is every other body but a CSV.
    static let maximumBodyBytes = 64 << 10

    func add(to router: Router<BackOfficeContext>) {
        addResources(to: router)
        refuseOtherMethods(on: router)
    }

    /// All that there is.
    func addResources(to router: Router<BackOfficeContext>) {
        let group = router.group(RouterPath(Self.prefix)).add(middleware: ReadOnlyForSessions())
        addPartners(to: group)
        addPartnerKeys(to: group)
        addKits(to: group)
        addUsers(to: group)
        addTokens(to: group)
        addLog(to: group)
        addProgramStatement(to: group)
        addNotes(to: group)
        addCounts(to: group)
        addHandshakes(to: group)
        addOffice(to: group)
        addReadNotes(to: group)
        addServer(to: group)
        addSubscriptions(to: group)
        addSubscriptionCheck(to: group)
        addConflicts(to: group)
        addProviderCalls(to: group)
        addCustomerLinks(to: group)
    }
}

// MARK: - Reading requests

extension API {
    /// A body as JSON; see ``Hummingbird/Request/json(_:members:expected:)``.
    ///
    /// - Throws: ``Problem`` 400 when it is none of the kind.
    static func value<Value: Decodable>(
        _: Value.Type, of body: Data, members: Set<String>? = nil, expected: String
    ) throws -> Value {
        guard let value = try? JSONDecoder().decode(Value.self, from: body) else {
            throw Problem.invalidRequest("the body is not \(expected)")
        }
        if let members, let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any],
            let stranger = object.keys.filter({ !members.contains($0) }).min()
        {
            throw Problem.invalidRequest("the body has \(PartnerText.quoted(stranger)), expected \(expected)")
        }
        return value
    }
}

extension Request {
    /// The body as JSON.
    ///
    /// - Parameter members: what the object may have; nil when the type says so itself. A misspelt member that is passed over would
    ///   look like one that was taken.
    /// - Throws: ``Problem`` 400 when it is none of the kind.
    func json<Value: Decodable>(_: Value.Type, members: Set<String>? = nil, expected: String) async throws -> Value {
        let body = Data(try await body.collect(upTo: API.maximumBodyBytes).readableBytesView)
        return try API.value(Value.self, of: body, members: members, expected: expected)
    }

    /// A parameter of the query; nil when it is absent or empty, as a form sends a field that nobody filled in.
    func query(_ name: String) -> String? {
        FormText.fields(uri.query ?? "")[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Makes sure that all of the query is understood. A filter that was passed over, being misspelt or garbled, would answer with
    /// everything.
    ///
    /// - Parameter repeated: those that may come several times.
    /// - Throws: ``Problem`` 400.
    func requireQuery(of known: [String], repeated: [String] = []) throws {
        if let mistake = FormText.mistake(in: uri.query ?? "", known: known, repeated: repeated) {
            throw Problem.invalidRequest(mistake)
        }
    }

    /// All values of a parameter that may come several times, without empty ones.
    func queries(_ name: String) -> [String] {
        FormText.pairs(uri.query ?? "").filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// `0` or `1`.
    func flag(_ name: String) throws -> Bool {
        switch query(name) {
        case nil, "0": return false
        case "1": return true
        case .some(let other): throw Problem.invalidRequest("\(name) is \(PartnerText.quoted(other)), expected 0 or 1")
        }
    }

    /// A day as `YYYY-MM-DD`; nil when none is given.
    func day(_ name: String) throws -> CalendarDay? {
        guard let text = query(name) else { return nil }
        guard let day = CalendarDay(text) else {
            throw Problem.invalidRequest("\(name) is \(PartnerText.quoted(text)), expected a day as YYYY-MM-DD")
        }
        return day
    }

    /// A number from 1 on.
    func limit(default usual: Int, most: Int) throws -> Int {
        guard let text = query("limit") else { return usual }
        guard let limit = Int(text), (1...most).contains(limit) else {
            throw Problem.invalidRequest("limit is \(PartnerText.quoted(text)), expected a number from 1 to \(most)")
        }
        return limit
    }
}

extension Parameters {
    /// A part of the path as it was meant: the router leaves `%40` as it is. What is no UTF-8 is left so here, too.
    func text(_ name: String) -> String { get(name).map { $0.removingPercentEncoding ?? $0 } ?? "" }

    /// - Throws: ``Problem`` 400 when the path names no Partner ID.
    func partnerID() throws -> PartnerID {
        let text = get("id") ?? ""
        guard let id = PartnerID(text) else {
            throw Problem.invalidRequest(
                "\(PartnerText.quoted(text)) is not a Partner ID; give 1 to 10 digits",
                Sentence(Mistake(.noID, PartnerText.quoted(text))))
        }
        return id
    }
}
