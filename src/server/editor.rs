//! The editor's process: when it has died, nobody is left to serve, though another process may keep the pipes open.

/// Waits until the process is gone. For ever if it can't be seen from here: the editor may run outside of this container.
#[cfg(unix)]
pub async fn gone(process: u32) {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};

    let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw) else {
        return std::future::pending().await;
    };
    let is_gone = || test_kill_process(process) == Err(Errno::SRCH);
    if is_gone() {
        return std::future::pending().await;
    }
    let mut clock = tokio::time::interval(std::time::Duration::from_secs(5));
    while !is_gone() {
        clock.tick().await;
    }
}

/// Elsewhere the end of the input has to do.
#[cfg(not(unix))]
pub async fn gone(_: u32) {
    std::future::pending().await
}
