// Calls from destructors of thread_local objects and of static ones work as any other.
#include <thread>

#include "exit.h"

namespace {

struct CallsAtItsEnd {
    const char *where;
    ~CallsAtItsEnd() { calls_at(where); }
};

// Made before main, so destroyed after everything that main made.
CallsAtItsEnd before_main{"static destructor\n"};

thread_local CallsAtItsEnd of_thread{"thread_local destructor\n"};

} // namespace

int main(int argc, char **argv)
{
    // Made before the first call, so destroyed after thread-local data of the library.
    (void)of_thread.where;
    begin(argc, argv);
    std::thread([] {
        (void)of_thread.where;
        CALL(get, ends.plain, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    }).join();
    static CallsAtItsEnd in_main{"static destructor of main\n"};
    return 0;
}
