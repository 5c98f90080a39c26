import Attribution
import DeploymentKit
import Foundation
package import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Office
import Subscriptions

/// An error as the API answers it (RFC 9457, `application/problem+json`).
package struct Problem: Error, Codable, Equatable, Sendable {
    /// A word for programs; stable. As a URI reference (RFC 9457, section 3.1.1) it is relative to the API's description.
    package let type: String
    /// What kind of problem it is, for people.
    package let title: String
    /// The HTTP status.
    package let status: Int
    /// What, where, what to do, for people; one line.
    package let detail: String
    /// Where there is more than one thing to say (a CSV's mistakes), each on a line; else absent.
    package let errors: [String]?
    /// What is there now, for who changed a subscription that they had not seen so, or sent an order again; else absent.
    package internal(set) var current: SubscriptionDocument?
    /// What the answer says besides: when to ask again, what to ask instead. Not in the document.
    var headers: HTTPFields = [:]
    /// What the pages say in place of the detail; empty where they have no sentence for it. Not in the document.
    var sentences: [Sentence] = []

    private enum CodingKeys: String, CodingKey {
        case type, title, status, detail, errors, current
    }

    package init(_ status: HTTPResponse.Status, type: String, detail: String, errors: [String] = []) {
        self.type = type
        title = status.reasonPhrase
        self.status = status.code
        self.detail = detail
        self.errors = errors.isEmpty ? nil : errors
    }

    /// What the request says makes no sense.
    ///
    /// - Parameter sentence: what a page says of it.
    static func invalidRequest(_ detail: String, _ sentence: Sentence? = nil) -> Problem {
        var problem = Problem(.badRequest, type: "invalid-request", detail: detail)
        problem.sentences = sentence.map { [$0] } ?? []
        return problem
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(.notFound, type: "not-found", detail: detail)
    }

    /// - Parameter allowed: what can be done instead, in the order of the alphabet.
    static func methodNotAllowed(_ method: String, allowed: [String]) -> Problem {
        let methods = allowed.joined(separator: ", ")
        var problem = Problem(
            .methodNotAllowed, type: "method-not-allowed", detail: "\(method) is not possible here, expected \(methods)")
        problem.headers[.allow] = methods
        return problem
    }

    /// - Parameter seconds: how long to wait before asking again.
    static func tooManyRequests(_ detail: String, retryAfter seconds: Int) -> Problem {
        var problem = Problem(.tooManyRequests, type: "too-many-requests", detail: detail)
        problem.headers[.retryAfter] = String(seconds)
        return problem
    }

    /// - Parameter lines: all that is wrong with routes and certificates.
    static func reload(_ lines: [String]) -> Problem {
        Problem(
            .unprocessableContent, type: "reload-refused",
            detail: "what was in force stays in force; mend the files and reload again", errors: lines)
    }
}

extension Problem {
    /// Maps every error, in this one place. What is not known here says nothing of the inside.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem:
            self = problem
        case let refusal as ImportRefusal:
            self.init(.unprocessableContent, type: "import-refused", detail: refusal.advice, errors: refusal.lines)
        case let error as OfficeError where Self.status(of: error.code) == .internalServerError:
            // What it says names files; the log tells it.
            self.init(
                .internalServerError, type: "internal",
                detail: "the office can't be read or written; the server's log says more")
        case let error as OfficeError:
            self.init(Self.status(of: error.code), type: error.code.rawValue, detail: error.message)
            sentences = error.mistakes.map { Sentence($0) }
        case let fault as QuestionFault:
            self = .invalidRequest(
                fault.name.isEmpty ? fault.problem : "\(fault.name) \(fault.problem)", Sentence(askedPart: fault.name))
        case let fault as KitFault where fault.kind == nil:
            // What it says names files; the log tells it.
            self.init(
                .internalServerError, type: "internal", detail: "the guide's texts can't be read; the server's log says more")
        case let fault as KitFault where fault.kind == .noKey:
            self.init(.conflict, type: "no-key", detail: fault.message)
            sentences = [Sentence(fault)]
        case let fault as KitFault:
            self = .invalidRequest(fault.message, Sentence(fault))
        case let error as CountQueryError:
            self = .invalidRequest(error.description)
        case let refusal as AdjustmentRefusal:
            self.init(Self.status(of: refusal), type: "adjustment-refused", detail: refusal.description)
            sentences = [Sentence(refusal)]
        case let refusal as SubscriptionRefusal:
            self.init(refusal, at: nil)
        case let refusal as ConflictRefusal:
            self.init(refusal)
        case let fault as SubscriptionFault:
            self = .invalidRequest(fault.message)
        case let error as LedgerError:
            self = Self.ledger(error)
        case is LedgerDesk.Ended:
            self.init(.serviceUnavailable, type: "stopping", detail: "the server is stopping; try again in a moment")
        case is NIOTooManyBytesError:
            self.init(
                .contentTooLarge, type: "too-large", detail: "the request's body is larger than this request may have")
        case let error as HTTPError where error.status == .notFound && error.body == nil:
            self = .notFound("there is nothing at this address; check its letters")
        case let error as HTTPError:
            self.init(error.status, type: "http", detail: error.body ?? error.status.reasonPhrase)
        default:
            self.init(.internalServerError, type: "internal", detail: "the server failed; its log says more")
        }
    }

    private static func status(of code: OfficeError.Code) -> HTTPResponse.Status {
        switch code {
        case .unknownPartner, .unknownUser, .unknownToken, .unknownKey: .notFound
        case .invalidPartner, .invalidUser, .invalidToken, .invalidNote: .unprocessableContent
        case .changedMeanwhile: .preconditionFailed
        case .lastAdmin, .tooManyKeys: .conflict
        case .folder, .notAnOffice, .newerSchema, .olderSchema, .storage: .internalServerError
        }
    }

    /// - Parameter time: now; nil where nobody is told what is there now.
    init(_ refusal: SubscriptionRefusal, at time: Timestamp?) {
        var lines: [String] = []
        var detail = refusal.description
        if case .file(let name, let faults) = refusal {
            lines = faults
            detail = "\(name) has mistakes, nothing of it was imported; mend them and import it again"
        }
        self.init(Self.status(of: refusal), type: refusal.code, detail: detail, errors: lines)
        sentences = Sentence(refusal).map { [$0] } ?? []
        switch refusal {
        case .changed(let subscription), .replayed(let subscription):
            current = time.map { SubscriptionDocument(subscription, at: $0) }
            headers[.eTag] = EntityTags.field(String(subscription.version))
        default: break
        }
    }

    private static func status(of refusal: SubscriptionRefusal) -> HTTPResponse.Status {
        switch refusal {
        case .unknown: .notFound
        case .changed: .preconditionFailed
        case .eventDiffers, .subscriptionDiffers, .syndicated, .noPartner, .replayed: .conflict
        case .invalid, .unknownPartner, .unusablePartner, .notEnrolled, .file: .unprocessableContent
        }
    }

    init(_ refusal: ConflictRefusal) {
        self.init(Self.status(of: refusal), type: refusal.code, detail: refusal.description)
        sentences = [Sentence(refusal)]
        if case .changed(let conflict) = refusal { headers[.eTag] = EntityTags.field(String(conflict.version)) }
    }

    private static func status(of refusal: ConflictRefusal) -> HTTPResponse.Status {
        switch refusal {
        case .unknown: .notFound
        case .settled: .conflict
        case .changed: .preconditionFailed
        case .notClaimed, .note: .unprocessableContent
        }
    }

    private static func status(of refusal: AdjustmentRefusal) -> HTTPResponse.Status {
        switch refusal {
        case .unknownReceipt: .notFound
        case .attributed, .nothingToChange: .conflict
        case .noSignup, .unknownPartner, .unusablePartner, .note: .unprocessableContent
        case .notCommitted: .serviceUnavailable
        }
    }

    /// What the ledger says of itself names files; the log tells them.
    private static func ledger(_ error: LedgerError) -> Problem {
        if case .damagedRecord(_, let sequence) = error {
            return Problem(
                .internalServerError, type: "damaged-record", detail: "record \(sequence) is damaged; run `porter log verify`")
        }
        return Problem(.internalServerError, type: "internal", detail: "the ledger can't be read; the server's log says more")
    }

    static let mediaType = "application/problem+json"

    func response() throws -> Response {
        var response = try Response(json: self, status: HTTPResponse.Status(code: status))
        response.headers[.contentType] = Self.mediaType
        for field in headers { response.headers[field.name] = field.value }
        if status == HTTPResponse.Status.unauthorized.code { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}

extension Response {
    init(json value: some Encodable, status: HTTPResponse.Status = .ok) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(jsonBytes: try encoder.encode(value), status: status)
    }

    init(jsonBytes: some Sequence<UInt8>, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: jsonBytes)))
    }
}
