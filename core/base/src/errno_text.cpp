#include <cerrno>

#include <runledger/base/errno_text.hpp>

namespace runledger {

std::string errno_text(int error) {
  switch (error) {
    case ENOENT:
      return "it does not exist";
    case EACCES:
    case EPERM:
      return "permission denied";
    case EROFS:
      return "the file system is read-only";
    case ENOSPC:
    case EDQUOT:
      return "no space is left";
    case EFBIG:
      return "the file would exceed the allowed size";
    case EMFILE:
    case ENFILE:
      return "too many files are open";
    case ENAMETOOLONG:
      return "the path is too long";
    case ENOTDIR:
      return "a part of the path is not a directory";
    case EISDIR:
      return "it is a directory";
    case EEXIST:
    case ENOTEMPTY:
      return "it exists and is not empty";
    case EIO:
      return "the device reported an error";
    case EAGAIN:
      return "a limit of the system is reached";
    case ENOMEM:
      return "there is too little memory";
    case EPIPE:
      return "nobody reads it any more";
    case ELOOP:
      return "there is a symbolic link where none may be";
    case EBUSY:
      return "it is in use";
    case EXDEV:
      return "it is on another file system";
    case ENOLCK:
      return "the file system offers no locks";
    default:
      return "error number " + std::to_string(error);
  }
}

}  // namespace runledger
