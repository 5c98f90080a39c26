import Attribution
import DeploymentKit
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Office
import Subscriptions
import Testing

@testable import BackOffice

@Suite("The API's description")
struct APIDescriptionTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Public/back-office").standardizedFileURL.path

    /// What only the control socket takes.
    private static let forCommands: Set<String> = ["POST /access-log"]

    private let document: [String: Any]
    private let file: PageLibrary.StaticFile

    init() throws {
        file = try #require(try PageLibrary.load(folder: Self.folder).description)
        document = try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any])
    }

    private func schema(_ name: String) throws -> [String: Any] {
        let components = try #require(document["components"] as? [String: Any])
        return try #require((components["schemas"] as? [String: Any])?[name] as? [String: Any], "\(name)")
    }

    private func words(_ name: String) throws -> [String] { try #require(try schema(name)["enum"] as? [String], "\(name)") }

    @Test("has every path and method that there is, and no other")
    func paths() throws {
        let server = try RunningServer(folder: TemporaryFolder())
        let directory = DirectoryDesk(office: server.office, now: { RunningServer.now }, directoryChanged: { _ in })
        let desks = server.desks(directory) { ReloadReport(succeeded: true, lines: []) }
        let router = Router(context: BackOfficeContext.self)
        API(desks: desks, logger: Logger(label: "test"), description: file).addResources(to: router)
        let there = Set(
            router.routes.map { route in
                let path = route.path.description.split(separator: "/").dropFirst(2).map { part in
                    part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part)
                }
                return "\(route.method.rawValue) /\(path.joined(separator: "/"))"
            })
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let described = Set(
            paths.flatMap { path, item in
                item.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
            })
        #expect(there.subtracting(described).subtracting(Self.forCommands) == [], "not described")
        #expect(described.subtracting(there) == [], "not there")
        #expect(there.count > 20)
    }

    @Test("has the words that the code has")
    func closedSets() throws {
        #expect(try words("Outcome") == Outcome.allCases.map(\.rawValue))
        #expect(try words("Reason") == Reason.allCases.map(\.rawValue))
        #expect(try words("LinkSignature") == LinkSignature.allCases.map(\.rawValue))
        #expect(try words("HandshakeFailure") == HandshakeFailure.allCases.map(\.rawValue))
        #expect(try words("WindowsGeneration") == WindowsGeneration.allCases.map(\.rawValue))
        #expect(try words("HandshakeMend") == HandshakeMend.allCases.map(\.rawValue))
        #expect(try words("Client") == ClientKind.allCases.map(\.rawValue))
        #expect(try words("ClientOS") == ClientOS.allCases.map(\.rawValue))
        #expect(try words("Role") == Role.allCases.map(\.rawValue))
        #expect(try words("PartnerStatus") == PartnerStanding.Status.allCases.map(\.rawValue))
        #expect(try words("StatusReason") == PartnerStanding.StatusReason.allCases.map(\.rawValue))
        #expect(try words("Grade") == HealthReport.Grade.allCases.map(\.rawValue))
        let advice = try #require(try schema("Advice")["items"] as? [String: Any])["enum"] as? [String]
        #expect(advice == HealthReport.Advice.allCases.map(\.rawValue))
        let kit = try #require(document["paths"] as? [String: [String: Any]])["/partners/{id}/kit"]?["get"] as? [String: Any]
        let parameters = try #require(kit?["parameters"] as? [[String: Any]])
        #expect(parameters.compactMap { $0["name"] as? String } == KitParameter.allCases.map(\.rawValue))
        func choices(_ name: String) -> [String]? {
            (parameters.first { $0["name"] as? String == name }?["schema"] as? [String: Any])?["enum"] as? [String]
        }
        #expect(choices("format") == KitFormat.all.map(\.name))
        #expect(choices("agreement") == KitAgreement.allCases.map(\.rawValue))
        #expect(try words("Product") == Product.allCases.map(\.rawValue))
        #expect(try words("ProductPortal") == Product.Portal.allCases.map(\.rawValue))
        #expect(try words("Channel") == Subscriptions.Channel.allCases.map(\.rawValue))
        #expect(try words("Program") == Program.allCases.map(\.rawValue))
        #expect(try words("Evidence") == Evidence.allCases.map(\.rawValue))
        #expect(try words("AssociationOrigin") == AssociationOrigin.allCases.map(\.rawValue))
        #expect(try words("ReceiptFinding") == ReceiptFinding.allCases.map(\.rawValue))
        #expect(try words("NoticeKind") == Notice.Kind.allCases.map(\.rawValue))
        #expect(try words("NoticeState") == NoticeState.allCases.map(\.rawValue))
        #expect(try words("ConflictState") == ConflictState.allCases.map(\.rawValue))
        #expect(try words("RecordKind") == RecordKind.allCases.map(\.rawValue))
        #expect(try words("AccessAction") == AccessEntry.Action.allCases.map(\.rawValue))
    }

    @Test("has the fields that records, counts and explanations have")
    func fields() throws {
        func names(_ schema: [String: Any]) throws -> Set<String> {
            Set(try #require(schema["properties"] as? [String: Any]).keys)
        }
        #expect(try names(try schema("Record")) == Set(RecordField.allCases.map(\.rawValue)))
        #expect(try names(try schema("Explanation")) == Set(RecordField.signups.map(\.rawValue) + ["steps"]))
        let columns = CountTable.columns + CountTable.adjustmentColumns
        #expect(try names(try schema("CountLine")) == Set(CountDimension.allCases.map(\.rawValue) + columns))
        #expect(try names(try schema("SubscriptionEvent")) == Set(SubscriptionEvent.Column.allCases.map(\.rawValue)))
        #expect(try names(try schema("ProgramFigures")) == Set(ProgramFigures.CodingKeys.allCases.map(\.rawValue)))
        let check = try #require(try schema("SubscriptionCheck")["properties"] as? [String: [String: Any]])
        #expect(check["contact"]?["enum"] as? [String] == SubscriptionCheck.Contact.allCases.map(\.rawValue))
        #expect(try names(try schema("PartnerPatch")) == Set(PartnerColumn.allCases.map(\.rawValue)).subtracting(["id"]))
        let step = try #require(try schema("DecisionStep")["properties"] as? [String: [String: Any]])
        #expect(step["step"]?["enum"] as? [String] == DecisionStep.Question.allCases.map(\.rawValue))
    }
}
