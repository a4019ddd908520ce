// Calls work in destructors of thread_local and static objects.
#include <thread>

#include "exit.h"

namespace {

struct CallsAtItsEnd {
    const char *where;
    ~CallsAtItsEnd() { calls_at(where); }
};

// Constructed before main, so destroyed after all objects of main.
CallsAtItsEnd before_main{"static destructor\n"};

thread_local CallsAtItsEnd of_thread{"thread_local destructor\n"};

} // namespace

int main(int argc, char **argv)
{
    // Constructed before the first call, so destroyed after thread-local data of the library.
    (void)of_thread.where;
    begin(argc, argv);
    std::thread([] {
        (void)of_thread.where;
        CALL(get, ends.plain, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    }).join();
    static CallsAtItsEnd in_main{"static destructor of main\n"};
    return 0;
}
