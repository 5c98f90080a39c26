/// Who answers what is asked below `/s/`: pages on which customers change something, by links that were sent to them.
///
/// What those pages are about is in files that have to be waited for, and the front door waits for none of them: it asks, goes
/// on, and is called back. It bounds what a request may hold, and how long it waits for the answer; how many are in work at a
/// time, and how often somebody may ask, is for the other side to bound.
package protocol CustomerPages: Sendable {
    /// Called on an event loop: must return at once.
    ///
    /// - Parameter complete: takes the page of a request that was answered ``CustomerAnswer/later(instead:)``, once, on any
    ///   thread.
    func answer(_ request: CustomerRequest, complete: @escaping @Sendable (CustomerPage) -> Void) -> CustomerAnswer

    /// A request was refused for the size of its body, which nobody has read. Called on an event loop: must return at once.
    func noteTooLarge(_ request: CustomerRequest)
}

/// What the front door hears when it asks.
package enum CustomerAnswer: Sendable {
    case now(CustomerPage)
    /// The page follows. When it takes too long, another one is sent in its place, and what follows then is thrown away.
    case later(instead: CustomerPage)
}
