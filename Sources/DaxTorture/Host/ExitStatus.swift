/// The statuses with which the program ends: the one place in which their numbers stand.
///
/// They are made for `git bisect run`, which takes 0 for a good commit and 1 to 127 for a bad one, skips a
/// commit on 125, and ends at more.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    /// Everything asked for was exercised, and nothing is wrong.
    case clean = 0
    /// Something is wrong with what was tested.
    case violation = 1
    /// What was asked for makes no sense: bad usage, or a config that breaks a rule.
    case usage = 2
    /// What was asked for could not be tested here.
    case untested = 125
    /// `git bisect run` is to end here: bad usage, or a signal, where it asked of one commit.
    case abort = 128
}
