import BackOffice
import DeploymentKit
import FrontDoor
import Ledger
import Office
import RouteFiles
import Subscriptions

extension CommandFailure {
    /// The failure that an error of a room's is; nil for errors that are none of ours. The one place where they are mapped.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let errors as RouteFileErrors:
            self.init(errors, exitCode: Self.badRequest)
        case is LedgerError, is OfficeError, is TLSError, is FrontDoor.StartError, is ErrorPages.LoadingError,
            is ControlServer.Failure, is AdjustmentRefusal, is OfficeServer.Failure,
            is DoorCertificate.Failure, is PageLibrary.Failure, is KitFault, is SubscriptionFault, is NoticeFault,
            is CustomerTextFault:
            self.init(message: "\(error)", exitCode: Self.badRequest)
        case let refusal as SubscriptionRefusal: self.init(refusal)
        default: return nil
        }
    }

    /// What a file has wrong is a line each.
    init(_ refusal: SubscriptionRefusal) {
        if case .file(let name, let lines) = refusal {
            self.init(lines: lines + ["\(name) has mistakes, nothing of it was imported; mend them and import it again"])
        } else {
            self.init(message: refusal.description, exitCode: Self.badRequest)
        }
    }

    /// All mistakes of the route files, each on its line: a no to who asks whether they are right, else a request that can't be
    /// carried out with such files.
    init(_ errors: RouteFileErrors, exitCode: Int32) {
        self.init(message: errors.mistakes.map(\.description).joined(separator: "\nerror: "), exitCode: exitCode)
    }
}
